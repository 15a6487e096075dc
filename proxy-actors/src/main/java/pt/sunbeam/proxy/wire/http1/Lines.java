package pt.sunbeam.proxy.wire.http1;

import java.util.Arrays;

/** Gathers bytes until a line is whole. It grows with what it is given, within the bound it is given, and holds nothing between two messages. */
final class Lines {
    enum Taken {
        /** All bytes belong to the line, and more are needed. */
        PART,
        /** The line is whole. */
        LINE,
        /** Whole or not, with it the lines are longer than they may be. */
        TOO_LONG
    }

    private static final byte[] NOTHING = {};
    private static final int USUAL = 1_024;

    private byte[] bytes = NOTHING;
    private int length;
    private int start;
    private boolean whole;
    private int position;

    /**
     * Takes the bytes up to and with the next LF.
     *
     * @param most bytes of all lines gathered, their ends included
     */
    Taken take(byte[] chunk, int from, int to, int most) {
        if (whole) {
            start = length;
            whole = false;
        }
        int end = Scan.lineFeed(chunk, from, to);
        whole = end < to;
        end = whole ? end + 1 : to;
        if (length + end - from > most) {
            return Taken.TOO_LONG;
        }
        append(chunk, from, end, to);
        position = end;
        return whole ? Taken.LINE : Taken.PART;
    }

    private void append(byte[] chunk, int from, int end, int to) {
        int needed = length + end - from;
        if (needed > bytes.length) {
            int room = length == 0 ? Math.min(to - from, USUAL) : 2 * bytes.length;
            bytes = Arrays.copyOf(bytes, Math.max(needed, room));
        }
        System.arraycopy(chunk, from, bytes, length, end - from);
        length = needed;
    }

    /** Where the chunk goes on behind what was taken. */
    int position() {
        return position;
    }

    byte[] bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    int length() {
        return length;
    }

    /** The end of the line before its CRLF, or -1 where it is LF alone. */
    int end() {
        return length - start > 1 && bytes[length - 2] == '\r' ? length - 2 : -1;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** The lines gathered, and nothing else; they are forgotten. */
    byte[] drain() {
        byte[] all = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        bytes = NOTHING;
        length = 0;
        start = 0;
        whole = false;
        return all;
    }
}
