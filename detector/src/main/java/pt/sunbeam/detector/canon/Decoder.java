package pt.sunbeam.detector.canon;

import java.util.Arrays;

/**
 * Undoes escapes as often as they are nested, in one pass: each byte is appended to what is decoded so far, and as soon as the end of that spells an
 * escape, the character meant replaces it and is itself appended. Each step but the appending makes the text shorter, so any input takes time linear in
 * its length. No escape is longer than {@link #WINDOW} bytes (leading zeros are left out), so no more than that is held back for the bytes to come, and
 * it makes no difference how a value is cut into pieces.
 *
 * <p>Decoded: percent escapes ({@code %xx} and IIS's {@code %uxxxx}); of scripts and shells x, u, u in braces, octal, quotes and a slash behind a backslash; character
 * references of HTML, numeric (their semicolon may lack) and named; UTF-8 in more bytes than needed; look-alikes of ASCII. NUL is dropped.
 */
final class Decoder {
    static final int WINDOW = 32;

    private static final int PARTIAL = -1;
    private static final int DEAD = -2;

    // Origin of a decoded byte: how deep its escapes were nested, and of which kinds they were.
    private static final int DEPTH = 0x0f;
    private static final int PERCENT = 0x10;
    private static final int BACKSLASH = 0x20;
    private static final int ENTITY = 0x40;

    private static final byte[] DIGITS = new byte[256];
    private static final boolean[] OPENS = new boolean[256];

    static {
        for (int c = 0; c < 256; c++) {
            DIGITS[c] = (byte) Character.digit(c < 0x80 ? c : ' ', 16);
            OPENS[c] = c == '%' || c == '\\' || c == '&' || (c >= 0xc0 && c <= 0xfd);
        }
    }

    private final byte[] bytes = new byte[4 * WINDOW + Canonicaliser.CHUNK];
    private final byte[] origins = new byte[bytes.length];
    /** For a byte that may begin an escape: the distance to the one before it; 0 where none is in the window. */
    private final byte[] distances = new byte[bytes.length];

    private int length;
    private int released;
    private int opener; // the last byte that may begin an escape, or -1
    private boolean alive; // whether what begins at the opener may become an escape
    private int percentWanted; // bytes that a percent sign on the wire still needs
    private boolean percentFirst; // whether that sign is the byte before
    private int highEnd; // where a high surrogate ended, or -1
    private boolean halved; // whether that one has no other half yet
    private boolean form;
    private boolean strict;
    private int anomalies;
    private int rounds;

    // What match() found, beside the character.
    private int kind;
    private boolean isByte;
    private boolean early; // the byte appended last is not part of it

    Decoder() {
        begin(false, false);
    }

    /**
     * @param form whether a plus sign means a space
     * @param strict whether a percent sign that begins no escape is an anomaly
     */
    void begin(boolean form, boolean strict) {
        this.form = form;
        this.strict = strict;
        length = 0;
        released = 0;
        opener = -1;
        alive = false;
        percentWanted = 0;
        percentFirst = false;
        highEnd = -1;
        halved = false;
        anomalies = 0;
        rounds = 0;
    }

    /** Takes at most {@link Canonicaliser#CHUNK} bytes; what the call before released is gone. */
    void decode(byte[] in, int from, int to, boolean last) {
        dropReleased();
        int[] table = form ? CharacterTable.FORM : CharacterTable.PLAIN;
        for (int i = from; i < to; i++) {
            int c = in[i] & 0xff;
            if (c == '%' && i + 2 < to && (DIGITS[in[i + 1] & 0xff] | DIGITS[in[i + 2] & 0xff]) >= 0) {
                escaped(DIGITS[in[i + 1] & 0xff] << 4 | DIGITS[in[i + 2] & 0xff]);
                i += 2;
                continue;
            }
            if (c == '+' && form) {
                c = CharacterTable.PLUS;
            } else if ((table[c] & CharacterTable.SPECIAL) != 0) {
                report(c);
            }
            if (percentWanted > 0 || c == '%') {
                want(c);
            }
            if (alive || OPENS[c]) {
                append(c, 0);
            } else if (c != 0) {
                bytes[length] = (byte) c;
                origins[length++] = 0;
            }
        }
        release(last);
    }

    /** Appends one byte that stands for itself; {@link #dropReleased} comes before the first, {@link #release} after the last. */
    void put(int c) {
        report(c);
        append(c, 0);
    }

    void dropReleased() {
        if (released == 0) {
            return;
        }
        int held = length - released;
        System.arraycopy(bytes, released, bytes, 0, held);
        System.arraycopy(origins, released, origins, 0, held);
        System.arraycopy(distances, released, distances, 0, held);
        opener = opener < released ? -1 : opener - released;
        alive &= opener >= 0;
        highEnd -= released;
        length = held;
        released = 0;
    }

    /** Releases all but what the bytes to come may change; all where none come. */
    void release(boolean last) {
        released = length;
        if (last) {
            while (alive) {
                settle();
            }
            anomalies |= percentWanted > 0 && strict ? Anomaly.INVALID_ESCAPE.bit() : 0;
            anomalies |= halved ? Anomaly.LONE_SURROGATE.bit() : 0;
            released = length;
        } else {
            for (int at = opener; at >= 0 && length - at < WINDOW; at = before(at)) {
                released = at;
            }
        }
    }

    /** Whether nothing is held back. */
    boolean isEmpty() {
        return length == released;
    }

    byte[] bytes() {
        return bytes;
    }

    /** How many of {@link #bytes} are released. */
    int length() {
        return released;
    }

    int anomalies() {
        return anomalies;
    }

    /** How deep escapes were nested at most. */
    int rounds() {
        return rounds;
    }

    private void report(int c) {
        if (c == 0) {
            anomalies |= Anomaly.NUL.bit();
        } else if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) {
            anomalies |= Anomaly.CONTROL.bit();
        }
    }

    /** A whole percent escape on the wire: what would come of its three bytes one after the other. */
    private void escaped(int c) {
        if (percentWanted > 0) {
            anomalies |= strict ? Anomaly.INVALID_ESCAPE.bit() : 0;
            percentWanted = 0;
        }
        rounds = Math.max(rounds, 1);
        report(c);
        if (alive || OPENS[c]) {
            append(c, PERCENT | 1);
        } else if (c != 0) {
            bytes[length] = (byte) c;
            origins[length++] = PERCENT | 1;
        }
    }

    private void want(int c) {
        if (percentWanted > 0) {
            boolean unicode = percentWanted == 2 && percentFirst && (c | 32) == 'u';
            boolean meets = unicode || DIGITS[c] >= 0;
            anomalies |= meets || !strict ? 0 : Anomaly.INVALID_ESCAPE.bit();
            percentWanted = unicode ? 4 : meets ? percentWanted - 1 : 0;
        }
        percentFirst = c == '%';
        percentWanted = percentFirst ? 2 : percentWanted;
    }

    private void append(int first, int firstOrigin) {
        int c = first;
        int origin = firstOrigin;
        while (c != 0) {
            if (c == '&' && alive && isNumber(opener, length)) {
                closeNumber();
            }
            int at = length++;
            bytes[at] = (byte) c;
            origins[at] = (byte) origin;
            if (OPENS[c]) { // what stands open goes on behind the character that this may become
                distances[at] = (byte) (opener >= 0 && at - opener < WINDOW ? at - opener : 0);
                opener = at;
                alive = true;
                return;
            }
            if (!alive) {
                return;
            }
            int found = match();
            if (found == PARTIAL) {
                return;
            }
            if (found == DEAD) {
                abandon();
                return;
            }
            if (early) {
                length--;
                closeNumber();
                continue;
            }
            int start = opener;
            origin = join(start, length, kind);
            shorten(start);
            if (!isByte) {
                putCharacter(found, origin);
                return;
            }
            c = found;
            report(c);
        }
    }

    private int before(int at) {
        return distances[at] == 0 ? -1 : at - distances[at];
    }

    private void shorten(int to) {
        opener = before(to);
        length = to;
        alive = opener >= 0 && length - opener < WINDOW;
    }

    /** The open number is complete without a semicolon. */
    private void closeNumber() {
        int start = opener;
        int character = number(start, length);
        int origin = join(start, length, ENTITY);
        shorten(start);
        putCharacter(character, origin);
    }

    /** Nothing that follows can complete what stands open. */
    private void settle() {
        if (isNumber(opener, length)) {
            closeNumber();
        } else {
            abandon();
        }
    }

    /** What begins at the opener is no escape: a number right before it ends there. */
    private void abandon() {
        alive = false;
        int outer = before(opener);
        if (outer < 0 || !isNumber(outer, opener)) {
            return;
        }
        int origin = join(outer, opener, ENTITY);
        int earlier = before(outer);
        int end = write(number(outer, opener), outer, origin);
        int tail = length - opener;
        System.arraycopy(bytes, opener, bytes, end, tail);
        System.arraycopy(origins, opener, origins, end, tail);
        distances[end] = (byte) (earlier >= 0 && end - earlier < WINDOW ? end - earlier : 0);
        opener = end;
        length = end + tail;
    }

    private void putCharacter(int character, int origin) {
        int ascii = LookAlikes.of(character);
        if (ascii >= 0) {
            if (character < 0x80) {
                report(character);
            }
            append(ascii, origin);
            return;
        }
        while (alive) {
            settle();
        }
        pair(character);
        length = write(character, length, origin);
        highEnd = character >= 0xd800 && character <= 0xdbff ? length : highEnd;
    }

    private void pair(int character) {
        boolean high = character >= 0xd800 && character <= 0xdbff;
        boolean low = character >= 0xdc00 && character <= 0xdfff;
        if (low && halved && highEnd == length) {
            halved = false;
        } else if (low || (high && halved)) {
            anomalies |= Anomaly.LONE_SURROGATE.bit();
        }
        halved |= high;
    }

    /** Writes a character as UTF-8 (surrogates in three bytes) over what stands from {@code at}; the end of it. */
    private int write(int character, int at, int origin) {
        int ascii = LookAlikes.of(character);
        if (ascii == 0) {
            return at;
        }
        int end = at;
        if (ascii > 0) {
            bytes[end++] = (byte) ascii;
        } else if (character < 0x800) {
            bytes[end++] = (byte) (0xc0 | character >> 6);
            bytes[end++] = (byte) (0x80 | (character & 0x3f));
        } else if (character < 0x10000) {
            bytes[end++] = (byte) (0xe0 | character >> 12);
            bytes[end++] = (byte) (0x80 | (character >> 6 & 0x3f));
            bytes[end++] = (byte) (0x80 | (character & 0x3f));
        } else {
            bytes[end++] = (byte) (0xf0 | character >> 18);
            bytes[end++] = (byte) (0x80 | (character >> 12 & 0x3f));
            bytes[end++] = (byte) (0x80 | (character >> 6 & 0x3f));
            bytes[end++] = (byte) (0x80 | (character & 0x3f));
        }
        Arrays.fill(origins, at, end, (byte) origin);
        return end;
    }

    /** The origin of the character that an escape of this kind (0: a character of several bytes) at {@code [from, to)} stands for. */
    private int join(int from, int to, int ofKind) {
        int depth = 0;
        int kinds = 0;
        for (int i = from; i < to; i++) {
            depth = Math.max(depth, origins[i] & DEPTH);
            kinds |= origins[i] & ~DEPTH;
        }
        if (ofKind == 0) {
            return kinds | depth;
        }
        // A target or a form must escape the other kinds' first characters once.
        int odd = ofKind == PERCENT || depth > 1 ? kinds & ~ofKind : kinds & ~(ofKind | PERCENT);
        anomalies |= odd != 0 ? Anomaly.MIXED.bit() : 0;
        depth = Math.min(depth + 1, DEPTH);
        rounds = Math.max(rounds, depth);
        anomalies |= depth > Canonicaliser.MOST_ROUNDS ? Anomaly.DEEP.bit() : 0;
        return kinds | ofKind | depth;
    }

    /** The character that all from the opener on spells, or DEAD or PARTIAL. */
    private int match() {
        int at = opener;
        int size = length - at;
        isByte = false;
        early = false;
        return switch (bytes[at]) {
            case '%' -> percent(at, size);
            case '\\' -> backslash(at, size);
            case '&' -> reference(at, size);
            default -> utf8(at, size);
        };
    }

    private int digit(int at) {
        return DIGITS[bytes[at] & 0xff];
    }

    private int percent(int at, int size) {
        kind = PERCENT;
        if ((bytes[at + 1] | 32) == 'u') {
            return hex(at + 2, 4);
        }
        isByte = true;
        return size > 3 ? DEAD : hex(at + 1, 2);
    }

    /** The number in so many digits from there, PARTIAL where the text ends before, DEAD where something else stands there. */
    private int hex(int from, int digits) {
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            if (i == length) {
                return PARTIAL;
            }
            if (digit(i) < 0) {
                return DEAD;
            }
            value = value << 4 | digit(i);
        }
        return value;
    }

    private int backslash(int at, int size) {
        kind = BACKSLASH;
        byte form = bytes[at + 1];
        if (form == 'x' || form == 'X') {
            isByte = true;
            return hex(at + 2, 2);
        }
        if (form == 'u' || form == 'U') {
            return size > 2 && bytes[at + 2] == '{' ? braced(at, size) : hex(at + 2, 4);
        }
        if (form == '"' || form == '\'' || form == '/') {
            isByte = true;
            return size == 2 ? form : DEAD;
        }
        if (form != '0' && form != '1') {
            return DEAD;
        }
        int value = 0;
        for (int i = at + 1; i < length; i++) {
            if (bytes[i] < '0' || bytes[i] > '7') {
                return DEAD;
            }
            value = value << 3 | (bytes[i] - '0');
        }
        isByte = true;
        return size == 4 ? value : PARTIAL;
    }

    private int braced(int at, int size) {
        int last = length - 1;
        if (size == 3) {
            return PARTIAL;
        }
        if (bytes[last] != '}') {
            if (digit(last) < 0 || size > 9) {
                return DEAD;
            }
            length -= size == 4 && bytes[last] == '0' ? 1 : 0;
            return PARTIAL;
        }
        int value = size == 4 ? DEAD : hex(at + 3, size - 4);
        return value > Character.MAX_CODE_POINT ? DEAD : value;
    }

    private int reference(int at, int size) {
        kind = ENTITY;
        byte second = bytes[at + 1];
        int last = length - 1;
        byte end = bytes[last];
        if (second != '#') {
            if (end == ';') {
                int found = Entities.find(bytes, at + 1, last);
                return found < 0 ? DEAD : found;
            }
            int letter = end | 32;
            return letter >= 'a' && letter <= 'z' && size <= 10 ? PARTIAL : DEAD;
        }
        if (size == 2) {
            return PARTIAL;
        }
        boolean hex = (bytes[at + 2] | 32) == 'x';
        if (hex && size == 3) {
            return PARTIAL;
        }
        int digit = digit(last);
        if (digit >= 0 && (hex || digit < 10)) {
            length -= end == '0' && size == (hex ? 4 : 3) ? 1 : 0;
            return size > 12 ? DEAD : PARTIAL;
        }
        if (!isNumber(at, last)) {
            return DEAD;
        }
        early = end != ';';
        return number(at, last);
    }

    /** Whether a numeric character reference without its semicolon stands there. */
    private boolean isNumber(int from, int to) {
        if (to - from < 3 || bytes[from] != '&' || bytes[from + 1] != '#') {
            return false;
        }
        boolean hex = (bytes[from + 2] | 32) == 'x';
        int first = from + (hex ? 3 : 2);
        for (int i = first; i < to; i++) {
            int digit = digit(i);
            if (digit < 0 || (!hex && digit > 9)) {
                return false;
            }
        }
        return to > first && number(from, to) <= Character.MAX_CODE_POINT;
    }

    private int number(int from, int to) {
        boolean hex = (bytes[from + 2] | 32) == 'x';
        long value = 0;
        for (int i = from + (hex ? 3 : 2); i < to; i++) {
            value = Math.min(value * (hex ? 16 : 10) + digit(i), Integer.MAX_VALUE);
        }
        return (int) value;
    }

    private int utf8(int at, int size) {
        kind = 0;
        int lead = bytes[at] & 0xff;
        int need = Integer.numberOfLeadingZeros(~(lead << 24));
        if (size > need) {
            return DEAD;
        }
        int value = lead & (0x7f >> need);
        for (int i = at + 1; i < length; i++) {
            if ((bytes[i] & 0xc0) != 0x80) {
                return DEAD;
            }
            value = value << 6 | (bytes[i] & 0x3f);
        }
        if (size < need) {
            return PARTIAL;
        }
        int least = need == 2 ? 0x80 : 1 << (5 * need - 4);
        if (value < least) {
            anomalies |= Anomaly.OVERLONG.bit();
            return value;
        }
        boolean surrogate = value >= 0xd800 && value <= 0xdfff;
        return surrogate || (value <= Character.MAX_CODE_POINT && LookAlikes.of(value) >= 0) ? value : DEAD;
    }
}
