package pt.sunbeam.detector.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import pt.sunbeam.detector.http.Ascii;

/**
 * Reads audit lines: ours, the original's nested form, and its README's flat form. Never throws on input. Not thread-safe.
 *
 * <p>An unknown member among the fields is an error, for it says that writer and reader have drifted apart; one in {@code sunbeam} is passed over, so that
 * this reader takes lines of later versions. What the flat form lacks reads as 0, null, and "-" for the HTTP version.
 */
public final class AuditReader {
    /** The longest line that is read, in bytes. */
    public static final int LONGEST_LINE = 1 << 20;

    public sealed interface Outcome {}

    public record Parsed(AuditRecord record) implements Outcome {}

    /** A line that is no audit line (another target, another program's JSON, no JSON at all). */
    public record Foreign(String reason) implements Outcome {}

    /** An audit line that is broken: a field of the wrong type, missing, or truncated JSON; {@code reason} names field or byte. */
    public record Malformed(String reason) implements Outcome {}

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // the names are a client's to choose in foreign lines
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();

    private static final byte[] MARK = Ascii.pattern("\"audit\"");

    private final WrittenLine written = new WrittenLine();
    private final AuditDraft draft = new AuditDraft();

    public Outcome read(byte[] line, int offset, int length) {
        AuditRecord record = length <= LONGEST_LINE ? written.read(line, offset, offset + length) : null;
        return record != null ? new Parsed(record) : readJson(line, offset, length);
    }

    /** What {@link #read} says of a line, whoever wrote it. */
    Outcome readJson(byte[] line, int offset, int length) {
        int start = offset;
        int end = offset + length;
        while (start < end && isSpace(line[start])) {
            start++;
        }
        if (start == end) {
            return new Foreign("empty line");
        }
        if (line[start] != '{') {
            return new Foreign("no JSON object");
        }
        if (length > LONGEST_LINE) {
            return broken(line, offset, end, "%d bytes (expected: at most %d)".formatted(length, LONGEST_LINE));
        }
        int strange = firstNonUtf8(line, offset, length);
        if (strange >= 0) {
            return broken(line, offset, end, "byte %d: not UTF-8".formatted(strange));
        }
        try (JsonParser json = JSON.createParser(line, offset, length)) {
            return parse(json);
        } catch (JsonProcessingException e) {
            return broken(
                    line,
                    offset,
                    end,
                    "byte %d: %s".formatted(e.getLocation().getByteOffset(), withoutSource(e.getOriginalMessage())));
        } catch (IOException e) {
            return broken(line, offset, end, String.valueOf(e.getMessage()));
        }
    }

    /** Jackson adds where an object began, and that it does not show the source. */
    private static String withoutSource(String message) {
        int source = message.indexOf(" (start marker at ");
        return source < 0 ? message : message.substring(0, source);
    }

    private Outcome parse(JsonParser json) throws IOException {
        draft.clear();
        json.nextToken();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            draft.member(name, json);
        }
        if (json.nextToken() != null) {
            draft.fault(
                    "byte %d".formatted(json.currentTokenLocation().getByteOffset()),
                    "more after the object",
                    "nothing");
        }
        return draft.outcome();
    }

    /** A line that could not be read is one of ours if it says so anywhere. */
    private static Outcome broken(byte[] line, int from, int to, String reason) {
        return Ascii.contains(line, from, to, MARK) ? new Malformed(reason) : new Foreign(reason);
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    /** Offset within the line of the first byte that is no UTF-8 (Jackson lets overlong forms and surrogates pass), or -1. */
    private static int firstNonUtf8(byte[] line, int offset, int length) {
        int ascii = 0;
        while (ascii + Long.BYTES <= length && EightBytes.beyondAscii(EightBytes.at(line, offset + ascii)) == 0) {
            ascii += Long.BYTES;
        }
        while (ascii < length && line[offset + ascii] >= 0) {
            ascii++;
        }
        if (ascii == length) {
            return -1;
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(line, offset + ascii, length - ascii);
        CharBuffer out = CharBuffer.allocate(1024);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (result.isError()) {
                return in.position() - offset;
            }
            if (result.isUnderflow()) {
                return -1;
            }
            out.clear();
        }
    }
}
