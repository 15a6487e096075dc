package pt.sunbeam.detector.audit;

import java.io.IOException;
import java.io.InputStream;

/**
 * Splits a stream of any length into lines, with one of them in memory at a time. Not thread-safe.
 *
 * <p>A line ends with a line feed, which is no part of it, or with the input. Of one that is too long the beginning is kept and the rest passed over.
 */
public final class ByteLines {
    private static final int MOST_AT_ONCE = 1 << 16;

    private final InputStream in;
    private final int longest;
    private final byte[] buffer;
    private int from; // what was read and not yet taken: buffer[from, to)
    private int to;
    private int start; // the line: buffer[start, end)
    private int end;
    private boolean cut;
    private long number;

    /**
     * @param in not closed here; it needs no buffer of its own
     * @param longest of a line, in bytes, from 1
     */
    public ByteLines(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
        buffer = new byte[longest + 1]; // the longest line and its line feed
    }

    /** Goes on to the next line; false at the end of the input. What the last line was is gone then. */
    public boolean next() throws IOException {
        if (cut) {
            passOver();
            cut = false;
        }
        int scanned = from;
        while (true) {
            int feed = lineFeed(scanned);
            if (feed < to) {
                return line(feed, feed + 1);
            }
            if (to - from == buffer.length) {
                cut = true;
                return line(from + longest, to);
            }
            System.arraycopy(
                    buffer, from, buffer, 0, to - from); // at the beginning it is warm in the processor's cache
            to -= from;
            from = 0;
            scanned = to;
            if (!fill()) {
                return from < to && line(to, to);
            }
        }
    }

    /** Holds the line from {@link #start} to {@link #end}, until the next one is asked for; not to be written to. */
    public byte[] bytes() {
        return buffer;
    }

    public int start() {
        return start;
    }

    public int end() {
        return end;
    }

    /** Whether the line is longer than the longest, so that only its beginning is here. */
    public boolean isCut() {
        return cut;
    }

    /** The line's number, from 1; 0 before the first. */
    public long number() {
        return number;
    }

    private boolean line(int lineEnd, int nextFrom) {
        start = from;
        end = lineEnd;
        from = nextFrom;
        number++;
        return true;
    }

    private void passOver() throws IOException {
        do {
            from = 0;
            to = 0;
        } while (fill() && lineFeed(0) == to);
        from = Math.min(lineFeed(0) + 1, to);
    }

    private boolean fill() throws IOException {
        int read = in.read(buffer, to, Math.min(buffer.length - to, MOST_AT_ONCE));
        to += Math.max(read, 0);
        return read >= 0;
    }

    private int lineFeed(int first) {
        int i = first;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            long feeds = EightBytes.equal(EightBytes.at(buffer, i), '\n');
            if (feeds != 0) {
                return i + EightBytes.first(feeds);
            }
        }
        while (i < to && buffer[i] != '\n') {
            i++;
        }
        return i;
    }
}
