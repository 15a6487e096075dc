package pt.sunbeam.detector.body;

import java.nio.charset.StandardCharsets;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.canon.ValueVisitor;

/**
 * {@code multipart/*} (RFC 2046 section 5.1): visits names of parts that could hold more than a name, file names, what is odd in the head of a
 * part, and the content of each part by its own type. A binary file is left unread.
 *
 * <p>Where parsers differ, it takes for a part what any of them could: lines may end with a bare line feed, a boundary counts inside a part's head
 * and behind the last part too, and everything outside of parts is visited as a value. Nothing is malformed so that it would stop.
 */
final class MultipartGrammar extends Grammar {
    private static final byte[] LINE_END = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private enum State {
        /** Before the first part, or behind the last one. */
        OUTSIDE,
        IN_PART,
        /** Behind a boundary, up to the end of its line. */
        BOUNDARY_LINE,
        IN_HEAD
    }

    private final ValueVisitor visitor;
    private final Findings findings;
    private final Name field;
    private final Content content;
    private final PartHead head;
    private final int depth;

    private final byte[] delimiter = new byte[2 + ContentType.LONGEST_BOUNDARY];
    private int delimiterLength;
    private State state = State.OUTSIDE;
    private boolean closed; // the last boundary seen was the last one
    private boolean open; // a value outside of the parts

    // What is held back because it may belong to a boundary: a line end, and the beginning of the delimiter behind it.
    private boolean heldReturn;
    private boolean heldFeed;
    private boolean atLineStart;
    private int matched;

    private int dashes; // right behind the delimiter
    private boolean behindDashes;

    /** @param depth 0 for a body's own, 1 in a part of it, and so on */
    MultipartGrammar(ValueVisitor visitor, Findings findings, int depth) {
        this.visitor = visitor;
        this.findings = findings;
        this.depth = depth;
        field = new Name(visitor);
        content = new Content(visitor, findings, field, depth + 1);
        head = new PartHead(visitor, findings, field);
    }

    /** @param type with a boundary */
    void begin(ContentType type) {
        delimiter[0] = '-';
        delimiter[1] = '-';
        System.arraycopy(type.boundary(), 0, delimiter, 2, type.boundaryLength());
        delimiterLength = 2 + type.boundaryLength();
        state = State.OUTSIDE;
        closed = false;
        open = false;
        beginLine(false, false);
    }

    @Override
    int feed(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            at = switch (state) {
                case OUTSIDE, IN_PART -> atLineStart ? lineStart(bytes, at) : line(bytes, at, to);
                case BOUNDARY_LINE -> boundaryLine(bytes, at, to);
                case IN_HEAD -> head(bytes, at, to);
            };
        }
        return to;
    }

    /** Goes to behind the next line feed behind which a delimiter may follow. */
    private int line(byte[] bytes, int from, int to) {
        if (heldReturn) {
            heldReturn = false;
            if (bytes[from] == '\n') {
                beginLine(true, true);
                return from + 1;
            }
            emit(LINE_END, 0, 1);
        }
        int at = from;
        while (at < to && !(bytes[at] == '\n' && (at + 1 == to || bytes[at + 1] == '-'))) {
            at++;
        }
        if (at < to) {
            boolean returned = at > from && bytes[at - 1] == '\r';
            emit(bytes, from, returned ? at - 1 : at);
            beginLine(returned, true);
            return at + 1;
        }
        heldReturn = bytes[to - 1] == '\r';
        emit(bytes, from, heldReturn ? to - 1 : to);
        return to;
    }

    private void beginLine(boolean behindReturn, boolean behindFeed) {
        heldReturn = behindReturn;
        heldFeed = behindFeed;
        atLineStart = true;
        matched = 0;
    }

    private int lineStart(byte[] bytes, int at) {
        if (bytes[at] != delimiter[matched]) {
            flushHeld();
            return at;
        }
        if (++matched == delimiterLength) {
            boundary();
        }
        return at + 1;
    }

    /** What was held back is content after all. */
    private void flushHeld() {
        if (heldReturn || heldFeed) {
            emit(LINE_END, heldReturn ? 0 : 1, heldFeed ? 2 : 1);
        }
        if (atLineStart) {
            emit(delimiter, 0, matched);
        }
        heldReturn = false;
        heldFeed = false;
        atLineStart = false;
    }

    private void emit(byte[] bytes, int from, int to) {
        if (from == to) {
            return;
        }
        if (state == State.IN_PART) {
            content.feed(bytes, from, to);
        } else {
            stray(bytes, from, to);
        }
    }

    /** Content outside of the parts, white space before it left out. */
    private void stray(byte[] bytes, int from, int to) {
        int at = from;
        while (!open && at < to) {
            if (bytes[at] > ' ' || bytes[at] < 0) {
                findings.add(BodyAnomaly.STRAY);
                visitor.begin(Place.MULTIPART, bytes, at, at);
                open = true;
            } else {
                at++;
            }
        }
        if (at < to) {
            visitor.more(bytes, at, to);
        }
    }

    private void endStray() {
        if (open) {
            visitor.end();
            open = false;
        }
    }

    private void boundary() {
        if (state == State.IN_PART) {
            content.end();
        }
        endStray();
        if (closed) {
            findings.add(BodyAnomaly.STRAY);
        }
        atLineStart = false;
        heldReturn = false;
        heldFeed = false;
        dashes = 0;
        behindDashes = false;
        state = State.BOUNDARY_LINE;
    }

    private int boundaryLine(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && !behindDashes && dashes < 2 && bytes[at] == '-') {
            dashes++;
            at++;
        }
        int run = at;
        while (run < to && bytes[run] != '\n') {
            run++;
        }
        if (run > at) {
            behindDashes = true;
            stray(bytes, at, run);
        }
        if (run == to) {
            return to;
        }
        endStray();
        closed = dashes == 2;
        if (closed) {
            state = State.OUTSIDE;
            beginLine(false, true);
        } else {
            beginHead();
        }
        return run + 1;
    }

    private void beginHead() {
        head.begin();
        state = State.IN_HEAD;
    }

    private int head(byte[] bytes, int from, int to) {
        int next = head.feed(bytes, from, to, delimiter, delimiterLength);
        switch (head.state()) {
            case COMPLETE -> {
                content.begin(head.type(), Place.MULTIPART, head.role(depth));
                state = State.IN_PART;
                beginLine(false, false);
            }
            case BROKEN_BY_BOUNDARY -> {
                findings.add(BodyAnomaly.MALFORMED);
                boundary();
                boundaryLine(head.line(), delimiterLength, head.length());
                boundaryLine(LINE_END, 1, 2);
            }
            case READING -> {}
        }
        return next;
    }

    @Override
    boolean end() {
        boolean complete = closed;
        switch (state) {
            case OUTSIDE -> {
                flushHeld();
                endStray();
            }
            case IN_PART -> {
                flushHeld();
                content.end();
                complete = false;
            }
            case BOUNDARY_LINE -> {
                complete = dashes == 2;
                endStray();
            }
            case IN_HEAD -> {
                head.end();
                complete = false;
            }
        }
        return complete;
    }
}
