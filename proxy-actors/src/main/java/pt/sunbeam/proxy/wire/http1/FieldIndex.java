package pt.sunbeam.proxy.wire.http1;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.Ascii;
import pt.sunbeam.detector.http.Syntax;

/** Collects the field lines of one section; used again for the next. */
final class FieldIndex {
    private static final byte[] CONTENT = Ascii.pattern("content");
    private static final byte[] LENGTH = Ascii.pattern("length");
    private static final byte[] TRANSFER = Ascii.pattern("transfer");
    private static final byte[] ENCODING = Ascii.pattern("encoding");
    private static final int USUAL = 24;

    private final int most;
    private int[] offsets = new int[0];
    private int length;

    /** @param most fields that a section may have */
    FieldIndex(int most) {
        this.most = most;
    }

    /** Takes a line without its CRLF; null where it is a field. */
    @Nullable
    Refusal add(byte[] bytes, int from, int to) {
        if (Fields.isSpace(bytes[from])) {
            return length == 0 ? Refusal.LEADING_SPACE : Refusal.FOLD;
        }
        int colon = from;
        while (colon < to && Syntax.TOKEN.allows(bytes[colon])) {
            colon++;
        }
        if (colon == to) {
            return Refusal.NO_COLON;
        }
        if (bytes[colon] != ':') {
            return Refusal.of(
                    bytes[colon], Fields.isSpace(bytes[colon]) ? Refusal.SPACE_BEFORE_COLON : Refusal.FIELD_NAME);
        }
        if (colon == from) {
            return Refusal.FIELD_NAME;
        }
        int text = Scan.endOfText(bytes, colon + 1, to);
        if (text < to) {
            return Refusal.of(bytes[text], Refusal.CONTROL);
        }
        if (isLookalike(bytes, from, colon)) {
            return Refusal.FRAMING_LOOKALIKE;
        }
        if (length == Fields.STRIDE * most) {
            return Refusal.TOO_MANY_FIELDS;
        }
        int start = Fields.afterSpace(bytes, colon + 1, to);
        put(from, colon, start, Fields.beforeSpace(bytes, start, to));
        return null;
    }

    private void put(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        if (length == offsets.length) {
            offsets = Arrays.copyOf(offsets, Math.max(USUAL * Fields.STRIDE, 2 * length));
        }
        offsets[length] = nameStart;
        offsets[length + 1] = nameEnd;
        offsets[length + 2] = valueStart;
        offsets[length + 3] = valueEnd;
        length += Fields.STRIDE;
    }

    /** "Content_Length" and its like become the same variable as the true name where a server speaks CGI. */
    private static boolean isLookalike(byte[] bytes, int from, int to) {
        return isLookalike(bytes, from, to, CONTENT, LENGTH) || isLookalike(bytes, from, to, TRANSFER, ENCODING);
    }

    private static boolean isLookalike(byte[] bytes, int from, int to, byte[] first, byte[] second) {
        int between = from + first.length;
        return to == between + 1 + second.length
                && bytes[between] != '-'
                && Ascii.startsWith(bytes, from, to, first)
                && Ascii.startsWith(bytes, between + 1, to, second);
    }

    /** The offsets taken; the index is empty again. */
    int[] drain() {
        int[] taken = Arrays.copyOf(offsets, length);
        length = 0;
        return taken;
    }
}
