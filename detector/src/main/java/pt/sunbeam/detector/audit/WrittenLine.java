package pt.sunbeam.detector.audit;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.hash.WordHash;

/**
 * Reads a line that is just what {@link AuditWriter} writes where no text needs an escape, in one pass over its bytes. Every other line, be it broken or
 * another writer's, is left to the reader of JSON, which makes the same record of those that are read here. Not thread-safe.
 */
final class WrittenLine {
    private static final long U16 = 0xffff;
    private static final long U32 = 0xffff_ffffL;
    private static final int MOST_DIGITS = 18; // always fit into 63 bits
    private static final int EXACT_DIGITS = 15; // always fit into the 53 bits of a double

    /** Powers that a double holds exactly: a quotient of two such numbers is rounded once, to the nearest. */
    private static final double[] POWERS_OF_TEN = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private static final byte[] TIMESTAMP = bytes("{'timestamp':");
    private static final byte[] ENVELOPE =
            bytes(",'level':'INFO','target':'audit','fields':{'message':'request','target':'audit'");
    private static final byte[] TRUE = bytes("true");
    private static final byte[] FALSE = bytes("false");
    private static final byte[] SUNBEAM = bytes(",'sunbeam':{'v':");
    private static final byte[] NODE = bytes(",'node':");
    private static final byte[] ROUTE = bytes(",'route':");
    private static final byte[] DDOS = bytes(",'ddos':{'decision':");
    private static final byte[] SCANNER = bytes(",'scanner':{'decision':");
    private static final byte[] RATE_LIMIT = bytes(",'rate_limit':{'decision':");
    private static final byte[] SCORE = bytes(",'score':");
    private static final byte[] POINT = bytes(".");
    private static final byte[] EXPONENT = bytes("E-");
    private static final byte[] PATH = bytes(",'path':");
    private static final byte[] REASONS = bytes(",'reasons':[");
    private static final byte[] MODEL = bytes(",'model':");
    private static final byte[] UPSTREAM_MS = bytes(",'upstream_ms':");
    private static final byte[] SHAPE = bytes(",'shape':[");
    private static final byte[] PLACE = bytes("{'place':");
    private static final byte[] NAME = bytes(",'name':");
    private static final byte[] CLASSES = bytes(",'classes':");
    private static final byte[] LENGTH_BUCKET = bytes(",'length_bucket':");
    private static final byte[] HASH = bytes(",'hash':");
    private static final byte[] SCANNER_FEATURES = bytes(",'scanner_features':[");
    private static final byte[] QUOTE = bytes("'");
    private static final byte[] COMMA = bytes(",");
    private static final byte[] END_OF_ARRAY = bytes("]");
    private static final byte[] END_OF_OBJECT = bytes("}");

    /** What most requests of a client have in common: the fields in a row from its agent to the number of its headers. */
    private record Habits(
            @Nullable String userAgent,
            @Nullable String referer,
            @Nullable String acceptLanguage,
            @Nullable String accept,
            @Nullable String acceptEncoding,
            boolean hasCookies,
            @Nullable String connection,
            @Nullable String cfCountry,
            @Nullable String backend,
            @Nullable String error,
            String httpVersion,
            int headerCount) {}

    private static final class Known {
        final byte[] bytes;
        final Habits habits;

        Known(byte[] bytes, Habits habits) {
            this.bytes = bytes;
            this.habits = habits;
        }
    }

    private static final int HABITS_BITS = 10;
    private static final int LONGEST_HABITS = 1 << 10;
    private static final int HASHED = 192; // the agent, and for most the beginning of what refers to the page

    private final @Nullable Known[] recent = new @Nullable Known[1 << HABITS_BITS];
    private final RecentText texts = new RecentText();
    private byte[] line = {};
    private int at;
    private int end;
    private boolean differs; // from what the writer writes: nothing that is read from then on is used

    /** What bytes[from, to) holds; null where it is not written so. */
    @Nullable
    AuditRecord read(byte[] bytes, int from, int to) {
        line = bytes;
        at = from;
        end = to;
        differs = false;
        expect(TIMESTAMP);
        Instant timestamp = instant();
        expect(ENVELOPE);
        if (differs) {
            return null;
        }
        String requestId = unique(AuditField.REQUEST_ID);
        String method = text(AuditField.METHOD);
        String host = text(AuditField.HOST);
        String path = text(AuditField.PATH);
        String query = text(AuditField.QUERY);
        String clientIp = text(AuditField.CLIENT_IP);
        int status = (int) number(AuditField.STATUS, U16);
        long durationMs = number(AuditField.DURATION_MS, Long.MAX_VALUE);
        long contentLength = number(AuditField.CONTENT_LENGTH, Long.MAX_VALUE);
        long responseBytes = number(AuditField.RESPONSE_BYTES, Long.MAX_VALUE);
        Habits habits = habits();
        var record = new AuditRecord(
                timestamp,
                requestId,
                method,
                host,
                path,
                query,
                clientIp,
                status,
                durationMs,
                contentLength,
                responseBytes,
                habits.userAgent,
                habits.referer,
                habits.acceptLanguage,
                habits.accept,
                habits.acceptEncoding,
                habits.hasCookies,
                habits.connection,
                habits.cfCountry,
                habits.backend,
                habits.error,
                habits.httpVersion,
                habits.headerCount,
                isNext(AuditField.LABEL.opening()) ? present(text()) : null,
                extension());
        expect(END_OF_OBJECT);
        return differs || at != end ? null : record;
    }

    private Habits habits() {
        int start = at;
        int slot = (int) (WordHash.of(line, start, Math.min(start + HASHED, end)) >>> (Long.SIZE - HABITS_BITS));
        Known known = recent[slot];
        if (known != null && !differs && isNext(known.bytes) && !isDigit()) {
            return known.habits;
        }
        at = start;
        var habits = new Habits(
                header(AuditField.USER_AGENT),
                header(AuditField.REFERER),
                header(AuditField.ACCEPT_LANGUAGE),
                header(AuditField.ACCEPT),
                header(AuditField.ACCEPT_ENCODING),
                truth(AuditField.HAS_COOKIES),
                header(AuditField.CONNECTION),
                header(AuditField.CF_COUNTRY),
                header(AuditField.BACKEND),
                header(AuditField.ERROR),
                text(AuditField.HTTP_VERSION),
                (int) number(AuditField.HEADER_COUNT, U16));
        if (!differs && at - start <= LONGEST_HABITS) {
            recent[slot] = new Known(Arrays.copyOfRange(line, start, at), habits);
        }
        return habits;
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.US_ASCII);
    }

    private Instant instant() {
        try {
            return Rfc3339.parse(unique());
        } catch (DateTimeException noTime) {
            differs = true;
            return Instant.EPOCH;
        }
    }

    private String unique(AuditField field) {
        expect(field.opening());
        return unique();
    }

    private String text(AuditField field) {
        return text(field.opening());
    }

    private @Nullable String header(AuditField field) {
        return present(text(field));
    }

    private static @Nullable String present(String text) {
        return text.equals(AuditWriter.ABSENT) ? null : text;
    }

    private long number(AuditField field, long most) {
        return number(field.opening(), most);
    }

    private boolean truth(AuditField field) {
        expect(field.opening());
        boolean truth = isNext(TRUE);
        if (!truth) {
            expect(FALSE);
        }
        return truth;
    }

    /** Takes the end of the fields too. */
    private AuditRecord.@Nullable Extension extension() {
        expect(END_OF_OBJECT);
        if (!isNext(SUNBEAM)) {
            return null;
        }
        var extension = new AuditRecord.Extension(
                (int) number(U16),
                text(NODE),
                isNext(ROUTE) ? text() : null,
                isNext(DDOS) ? layer() : null,
                isNext(SCANNER) ? layer() : null,
                isNext(RATE_LIMIT) ? layer() : null,
                isNext(MODEL) ? text() : null,
                number(UPSTREAM_MS, Long.MAX_VALUE),
                shape(),
                isNext(SCANNER_FEATURES) ? features() : null);
        expect(END_OF_OBJECT);
        return extension;
    }

    private AuditRecord.Layer layer() {
        var layer = new AuditRecord.Layer(text(), score(), text(PATH), isNext(REASONS) ? reasons() : List.of());
        expect(END_OF_OBJECT);
        return layer;
    }

    private List<String> reasons() {
        List<String> reasons = new ArrayList<>();
        do {
            reasons.add(text());
        } while (isNext(COMMA));
        expect(END_OF_ARRAY);
        return List.copyOf(reasons);
    }

    private List<AuditRecord.Place> shape() {
        expect(SHAPE);
        if (isNext(END_OF_ARRAY)) {
            return List.of();
        }
        List<AuditRecord.Place> shape = new ArrayList<>();
        do {
            var place = new AuditRecord.Place(
                    text(PLACE), text(NAME), (int) number(CLASSES, U16), (int) number(LENGTH_BUCKET, U16), (int)
                            number(HASH, U32));
            expect(END_OF_OBJECT);
            differs |= place.place().isEmpty();
            shape.add(place);
        } while (isNext(COMMA));
        expect(END_OF_ARRAY);
        return List.copyOf(shape);
    }

    private int[] features() {
        List<Integer> features = new ArrayList<>();
        do {
            features.add((int) number(Integer.MAX_VALUE));
        } while (isNext(COMMA));
        expect(END_OF_ARRAY);
        return features.stream().mapToInt(Integer::intValue).toArray();
    }

    private void expect(byte[] literal) {
        if (!isNext(literal)) {
            differs = true;
        }
    }

    /** Whether the literal comes next; then it is taken. */
    private boolean isNext(byte[] literal) {
        int after = at + literal.length;
        if (differs || after > end || !Arrays.equals(line, at, after, literal, 0, literal.length)) {
            return false;
        }
        at = after;
        return true;
    }

    private String text(byte[] opening) {
        expect(opening);
        return text();
    }

    private String text() {
        expect(QUOTE);
        int start = at;
        return texts.of(line, start, closingQuote());
    }

    /** A text that hardly any other line has. */
    private String unique() {
        expect(QUOTE);
        int start = at;
        return new String(line, start, closingQuote() - start, StandardCharsets.ISO_8859_1);
    }

    /** Where a text of ASCII without escapes ends, whose closing quote is taken. */
    private int closingQuote() {
        int quote = firstSpecial();
        if (quote == end || line[quote] != '"') {
            differs = true;
        } else {
            at = quote + 1;
        }
        return quote;
    }

    /** Where the next byte is that does not stand for itself in a text: a quote, a backslash, a control character, or none of ASCII. */
    private int firstSpecial() {
        int i = at;
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            long word = EightBytes.at(line, i);
            long special = EightBytes.below(word, ' ')
                    | EightBytes.equal(word, '"')
                    | EightBytes.equal(word, '\\')
                    | EightBytes.beyondAscii(word);
            if (special != 0) {
                return i + EightBytes.first(special);
            }
        }
        while (i < end && line[i] >= ' ' && line[i] != '"' && line[i] != '\\') {
            i++;
        }
        return i;
    }

    private long number(byte[] opening, long most) {
        expect(opening);
        return number(most);
    }

    /** A whole number as JSON has it, without a sign. */
    private long number(long most) {
        int start = at;
        long number = digits();
        int length = at - start;
        differs |= length == 0 || length > MOST_DIGITS || (length > 1 && line[start] == '0') || number > most;
        return number;
    }

    /** Takes all digits that come next, and may overflow. */
    private long digits() {
        long number = 0;
        int i = at;
        while (i < end && line[i] >= '0' && line[i] <= '9') {
            number = 10 * number + (line[i] - '0');
            i++;
        }
        at = i;
        return number;
    }

    private boolean isDigit() {
        return at < end && line[at] >= '0' && line[at] <= '9';
    }

    private double score() {
        expect(SCORE);
        int start = at;
        long whole = number(Long.MAX_VALUE);
        expect(POINT);
        int afterPoint = at;
        long fraction = digits();
        int decimals = at - afterPoint;
        differs |= decimals == 0;
        if (isNext(EXPONENT)) {
            int exponent = at;
            digits();
            differs |= at == exponent;
        } else if (at - start - POINT.length <= EXACT_DIGITS) {
            double power = POWERS_OF_TEN[decimals];
            return (whole * (long) power + fraction) / power;
        }
        return differs ? 0 : Double.parseDouble(new String(line, start, at - start, StandardCharsets.US_ASCII));
    }
}
