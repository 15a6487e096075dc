package pt.sunbeam.trainer.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import pt.sunbeam.trainer.read.DataException;

/**
 * A dataset on disk: labelled requests and windows, and what is to be known of them.
 *
 * <p>A line {@code sunbeam-dataset 2}, a line of JSON ({@link Header}), the rows ({@link RowCodec}) packed with gzip, and a last line
 * {@code end COUNT SHA-256}, of the rows' number and of all bytes before that line. So a file that is cut short or changed is refused, and
 * {@code head -n 2} shows what is in it.
 */
public final class DatasetFile {
    private static final String MAGIC = "sunbeam-dataset ";
    private static final int LONGEST_HEADER = 1 << 24;
    private static final Pattern END = Pattern.compile("end (\\d{20}) ([0-9a-f]{64})\n");
    private static final int END_LENGTH = 4 + 20 + 1 + 64 + 1;
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Path path;
    private final Header header;
    private final long rowsAt;
    private final long count;
    private final String sha256;

    private DatasetFile(Path path, Header header, long rowsAt, long count, String sha256) {
        this.path = path;
        this.header = header;
        this.rowsAt = rowsAt;
        this.count = count;
        this.sha256 = sha256;
    }

    /**
     * Opens a file and checks it whole.
     *
     * @throws DataException if it is no dataset, of a newer format, cut short or damaged
     */
    public static DatasetFile open(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new DataException(path, "not there (expected: a dataset written by prepare-dataset)");
        }
        try (var in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
            var magic = line(in, 64);
            if (!magic.startsWith(MAGIC)) {
                throw new DataException(path, "no dataset (expected: a file that begins with \"" + MAGIC + "\")");
            }
            if (!magic.equals(MAGIC + Header.VERSION)) {
                throw new DataException(
                        path,
                        "found format \"%s\" (expected: %d, which this version reads; prepare the dataset anew)"
                                .formatted(magic.substring(MAGIC.length()), Header.VERSION));
            }
            var json = line(in, LONGEST_HEADER);
            var checked = check(path);
            return new DatasetFile(
                    path,
                    header(path, json),
                    magic.length() + 1L + json.getBytes(StandardCharsets.UTF_8).length + 1L,
                    checked.count(),
                    checked.sha256());
        }
    }

    public Header header() {
        return header;
    }

    /** Rows in both tables. */
    public long count() {
        return count;
    }

    /** SHA-256 of the whole file, lower-case hex. */
    public String sha256() {
        return sha256;
    }

    /** Hands on all rows in the order of the file; may be called again. */
    public void forEach(Consumer<LabelledRow> sink) throws IOException {
        try (var stored = Files.newInputStream(path)) {
            stored.skipNBytes(rowsAt);
            var rows = new GZIPInputStream(stored, 1 << 16);
            try (var in = new DataInputStream(new BufferedInputStream(rows, 1 << 16))) {
                for (long row = 0; row < count; row++) {
                    sink.accept(RowCodec.read(in.readUnsignedByte(), in));
                }
            }
        } catch (EOFException | ZipException cut) {
            throw damaged(path, cut);
        }
    }

    /** Hands on the rows of one table. */
    public <T extends LabelledRow> void forEach(Class<T> table, Consumer<T> sink) throws IOException {
        forEach(row -> {
            if (table.isInstance(row)) {
                sink.accept(table.cast(row));
            }
        });
    }

    /**
     * Writes a file, whole or not at all.
     *
     * @param packed the rows, packed with gzip
     */
    static void write(Path output, Header header, Path packed, long count) throws IOException {
        var target = output.toAbsolutePath();
        var temporary = Files.createTempFile(target.getParent(), target.getFileName() + ".", ".part");
        try {
            var digest = sha256Digest();
            try (var stored = new BufferedOutputStream(Files.newOutputStream(temporary), 1 << 16);
                    var out = new DigestOutputStream(stored, digest)) {
                out.write((MAGIC + Header.VERSION + "\n").getBytes(StandardCharsets.UTF_8));
                out.write(JSON.writeValueAsBytes(header));
                out.write('\n');
                Files.copy(packed, out);
                var end = "end %020d %s\n".formatted(count, HexFormat.of().formatHex(digest.digest()));
                out.write(end.getBytes(StandardCharsets.UTF_8));
            }
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private record Checked(long count, String sha256) {}

    private static Checked check(Path path) throws IOException {
        long covered = Files.size(path) - END_LENGTH;
        var body = sha256Digest();
        var whole = sha256Digest();
        try (var in = Files.newInputStream(path)) {
            var buffer = new byte[1 << 16];
            for (long left = Math.max(0, covered); left > 0; ) {
                int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (n < 0) {
                    break;
                }
                body.update(buffer, 0, n);
                whole.update(buffer, 0, n);
                left -= n;
            }
            var last = in.readNBytes(END_LENGTH);
            var end = END.matcher(new String(last, StandardCharsets.ISO_8859_1));
            if (!end.matches()) {
                throw new DataException(path, "cut short (expected: a last line \"end COUNT SHA-256\")");
            }
            if (!end.group(2).equals(HexFormat.of().formatHex(body.digest()))) {
                throw new DataException(path, "damaged: its SHA-256 is not the one in its last line");
            }
            whole.update(last);
            return new Checked(Long.parseLong(end.group(1)), HexFormat.of().formatHex(whole.digest()));
        }
    }

    private static Header header(Path path, String json) throws DataException {
        try {
            var header = JSON.readValue(json, Header.class);
            if (!header.features().equals(Header.Features.OF_DETECTORS)) {
                throw new DataException(
                        path, "made for other features (expected: those of this version; prepare the dataset anew)");
            }
            return header;
        } catch (JsonProcessingException broken) {
            throw damaged(path, broken);
        }
    }

    private static DataException damaged(Path path, Exception cause) {
        var fault = new DataException(path, "damaged: " + cause.getMessage());
        fault.initCause(cause);
        return fault;
    }

    /** Up to the line feed, which is taken; up to the end, or to {@code longest} bytes, where there is none. */
    private static String line(InputStream in, int longest) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n' && line.size() < longest; next = in.read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new AssertionError(everyPlatformHasIt);
        }
    }
}
