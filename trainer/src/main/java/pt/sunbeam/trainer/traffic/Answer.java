package pt.sunbeam.trainer.traffic;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * What a server answered to a GET or POST.
 *
 * @param fields header fields, {@code name: value}, names in lower case
 * @param html its body, unpacked; empty where it is none of HTML
 * @param ends whether the connection ends with it
 */
record Answer(int status, List<String> fields, String html, boolean ends) {
    private static final int LONGEST_LINE = 65_536;
    /** Bytes; longer answers are no page that a person waits for. */
    private static final int LONGEST_BODY = 16 << 20;

    /** Reads an answer and its body (RFC 9112 section 6.3), passing over interim ones. */
    static Answer read(InputStream in) throws IOException {
        while (true) {
            var first = line(in);
            if (!first.matches("HTTP/1\\.[01] [1-9][0-9]{2}( .*)?")) {
                throw new IOException("found " + first + " (expected: a status line)");
            }
            int status = Integer.parseInt(first.substring(9, 12));
            var fields = new ArrayList<String>();
            for (var field = line(in); !field.isEmpty(); field = line(in)) {
                int colon = Math.max(field.indexOf(':'), 0);
                fields.add(field.substring(0, colon).toLowerCase(Locale.ROOT) + ": "
                        + field.substring(colon + 1).strip());
            }
            if (status >= 200) {
                var head = new Answer(status, fields, "", first.startsWith("HTTP/1.0"));
                return head.withBody(in);
            }
        }
    }

    private Answer withBody(InputStream in) throws IOException {
        var length = field("content-length");
        boolean chunked = field("transfer-encoding").isPresent();
        boolean close =
                ends || field("connection").filter("close"::equalsIgnoreCase).isPresent();
        if (status == 204 || status == 304) {
            return new Answer(status, fields, "", close);
        }
        if (chunked) {
            return new Answer(status, fields, html(chunks(in)), close);
        }
        if (length.isPresent()) {
            return new Answer(status, fields, html(exactly(in, Long.parseLong(length.get()))), close);
        }
        return new Answer(status, fields, html(in.readNBytes(LONGEST_BODY)), true);
    }

    private String html(byte[] body) throws IOException {
        if (field("content-type").filter(type -> type.startsWith("text/html")).isEmpty()) {
            return "";
        }
        if (field("content-encoding").filter("gzip"::equals).isEmpty()) {
            return new String(body, StandardCharsets.UTF_8);
        }
        try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return new String(unpacked.readNBytes(LONGEST_BODY), StandardCharsets.UTF_8);
        }
    }

    private static byte[] chunks(InputStream in) throws IOException {
        var body = new ByteArrayOutputStream();
        for (long size = chunkSize(in); size > 0; size = chunkSize(in)) {
            body.write(exactly(in, body.size() + size > LONGEST_BODY ? Long.MAX_VALUE : size));
            line(in);
        }
        while (!line(in).isEmpty()) {}
        return body.toByteArray();
    }

    private static long chunkSize(InputStream in) throws IOException {
        return Long.parseLong(line(in).split(";", 2)[0].strip(), 16);
    }

    private static byte[] exactly(InputStream in, long length) throws IOException {
        if (length > LONGEST_BODY) {
            throw new IOException("a body of more than " + LONGEST_BODY + " bytes");
        }
        byte[] body = in.readNBytes((int) length);
        if (body.length < length) {
            throw new EOFException("cut short");
        }
        return body;
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream(64);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.size() > LONGEST_LINE) {
                throw new EOFException("cut short");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.startsWith(name + ": "))
                .map(field -> field.substring(name.length() + 2))
                .toList();
    }

    Optional<String> field(String name) {
        return all(name).stream().findFirst();
    }
}
