package pt.sunbeam.detector.body;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.canon.ValueVisitor;

/**
 * A body with its content coding undone, up to a number of bytes. What is not in the coding that it is said to be in is read on as it stands, for
 * whoever gets it may not look at its coding either.
 */
final class Decoded {
    private static final int PIECE = 4096;
    private static final byte[] MAGIC = {0x1f, (byte) 0x8b, 8
    }; // with the only compression method there is (RFC 1952 section 2.3.1)
    private static final int HEADER = 10;
    private static final int TRAILER = 8;
    private static final int HEADER_CHECKED = 2; // flags, RFC 1952 section 2.3.1
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private enum State {
        /** The bytes are content as they stand. */
        PLAIN,
        GZIP_HEADER,
        EXTRA_LOW,
        EXTRA_HIGH,
        EXTRA,
        NAME,
        COMMENT,
        HEADER_CHECK,
        ZLIB_HEADER,
        INFLATING,
        TRAILER,
        /** Behind all that a zlib stream may hold. */
        BEHIND
    }

    private final ValueVisitor visitor;
    private final Findings findings;
    private final Content content;
    private final byte[] header = new byte[HEADER];
    private int headerLength;
    private @Nullable Inflater gzip; // made when they are first needed, for their memory is not the heap's
    private @Nullable Inflater zlib;
    private byte[] piece = new byte[0];
    private Coding coding = Coding.NONE;
    private State state = State.PLAIN;
    private boolean firstMember;
    private int left;
    private long most;
    private long passedOn;
    private boolean oversize;
    private boolean unreadable;

    Decoded(ValueVisitor visitor, Findings findings, Content content) {
        this.visitor = visitor;
        this.findings = findings;
        this.content = content;
    }

    /** @param mostBytes of content that are read */
    void begin(Coding ofBody, long mostBytes) {
        coding = ofBody;
        most = mostBytes;
        passedOn = 0;
        oversize = false;
        unreadable = false;
        firstMember = true;
        headerLength = 0;
        state = switch (coding) {
            case NONE -> State.PLAIN;
            case GZIP -> State.GZIP_HEADER;
            case DEFLATE -> State.ZLIB_HEADER;
            case OTHER -> {
                unreadable = true;
                findings.add(BodyAnomaly.CODING);
                yield State.PLAIN;
            }
        };
    }

    boolean isOversize() {
        return oversize;
    }

    boolean isUnreadable() {
        return unreadable;
    }

    void feed(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && !oversize && content.isRead()) {
            at = switch (state) {
                case PLAIN -> {
                    emit(bytes, at, to);
                    yield to;
                }
                case GZIP_HEADER -> gzipHeader(bytes, at, to);
                case EXTRA_LOW -> {
                    left = bytes[at] & 0xff;
                    state = State.EXTRA_HIGH;
                    yield at + 1;
                }
                case EXTRA_HIGH -> {
                    left |= (bytes[at] & 0xff) << 8;
                    beginField(State.EXTRA);
                    yield counted(bytes, at + 1, at + 1);
                }
                case EXTRA, HEADER_CHECK, TRAILER -> counted(bytes, at, to);
                case NAME, COMMENT -> zeroTerminated(bytes, at, to);
                case ZLIB_HEADER -> zlibHeader(bytes, at, to);
                case INFLATING -> inflate(coding == Coding.GZIP ? gzip() : zlib(), bytes, at, to);
                case BEHIND -> {
                    plain();
                    yield at;
                }
            };
        }
    }

    /** The body ends: passes on what was held back of it. */
    void end() {
        switch (state) {
            case GZIP_HEADER, ZLIB_HEADER -> {
                if (headerLength > 0) {
                    plain();
                }
            }
            case EXTRA, NAME, COMMENT -> {
                visitor.end();
                findings.add(BodyAnomaly.CODING);
            }
            case PLAIN, BEHIND -> {}
            default -> {
                if (!oversize && content.isRead()) {
                    findings.add(BodyAnomaly.CODING); // it breaks off
                }
            }
        }
        state = State.PLAIN;
    }

    /** Passes on what may be read still: what is passed over makes room for as much again. */
    private void emit(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && !oversize) {
            int fitting = (int) Math.min(to - at, most - (passedOn - findings.passedOver()));
            if (fitting > 0) {
                content.feed(bytes, at, at + fitting);
                passedOn += fitting;
                at += fitting;
            } else {
                oversize = true;
            }
        }
    }

    /** It is not in its coding: what was taken for its header, and the rest, is read as it stands. */
    private void plain() {
        findings.add(BodyAnomaly.CODING);
        unreadable = true;
        state = State.PLAIN;
        emit(header, 0, headerLength);
    }

    private int gzipHeader(byte[] bytes, int from, int to) {
        int more = Math.min(to - from, HEADER - headerLength);
        System.arraycopy(bytes, from, header, headerLength, more);
        headerLength += more;
        boolean further = !firstMember && headerLength > 3 && header[3] != 0;
        if (further || !startsLikeGzip()) {
            plain();
        } else if (headerLength == HEADER) {
            nextField(0);
        }
        return from + more;
    }

    private boolean startsLikeGzip() {
        for (int i = 0; i < Math.min(headerLength, MAGIC.length); i++) {
            if (header[i] != MAGIC[i]) {
                return false;
            }
        }
        return true;
    }

    /** Goes to the next of the optional fields that is announced and not read yet. */
    private void nextField(int read) {
        int flags = header[3];
        if (read < EXTRA && (flags & EXTRA) != 0) {
            state = State.EXTRA_LOW;
        } else if (read < NAME && (flags & NAME) != 0) {
            beginField(State.NAME);
        } else if (read < COMMENT && (flags & COMMENT) != 0) {
            beginField(State.COMMENT);
        } else if (read < 32 && (flags & HEADER_CHECKED) != 0) {
            left = 2;
            state = State.HEADER_CHECK;
        } else {
            gzip().reset();
            state = State.INFLATING;
        }
    }

    /** These fields stand in the open, so they are values for those who do not look at the coding. */
    private void beginField(State field) {
        visitor.begin(Place.TEXT, header, 0, 0);
        state = field;
    }

    private int counted(byte[] bytes, int from, int to) {
        int more = Math.min(to - from, left);
        if (state == State.EXTRA && more > 0) {
            visitor.more(bytes, from, from + more);
        }
        left -= more;
        if (left == 0) {
            switch (state) {
                case EXTRA -> {
                    visitor.end();
                    nextField(EXTRA);
                }
                case HEADER_CHECK -> nextField(32);
                default -> {
                    firstMember = false;
                    headerLength = 0;
                    state = State.GZIP_HEADER;
                }
            }
        }
        return from + more;
    }

    private int zeroTerminated(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != 0) {
            at++;
        }
        if (at > from) {
            visitor.more(bytes, from, at);
        }
        if (at == to) {
            return to;
        }
        visitor.end();
        nextField(state == State.NAME ? NAME : COMMENT);
        return at + 1;
    }

    private int zlibHeader(byte[] bytes, int from, int to) {
        int more = Math.min(to - from, 2 - headerLength);
        System.arraycopy(bytes, from, header, headerLength, more);
        headerLength += more;
        if (headerLength == 2) {
            boolean valid = (header[0] & 0x0f) == 8
                    && ((header[0] & 0xff) << 8 | (header[1] & 0xff)) % 31 == 0
                    && (header[1] & 0x20) == 0; // no preset dictionary (RFC 1950 section 2.2)
            if (valid) {
                state = State.INFLATING;
                zlib().reset();
                inflate(zlib(), header, 0, 2);
            } else {
                plain();
            }
        }
        return from + more;
    }

    private Inflater gzip() {
        if (gzip == null) {
            gzip = new Inflater(true);
            piece = new byte[PIECE];
        }
        return gzip;
    }

    private Inflater zlib() {
        if (zlib == null) {
            zlib = new Inflater();
            piece = new byte[PIECE];
        }
        return zlib;
    }

    private int inflate(Inflater inflater, byte[] bytes, int from, int to) {
        inflater.setInput(bytes, from, to - from);
        while (!oversize) {
            long before = inflater.getBytesWritten();
            try {
                int inflated = inflater.inflate(piece);
                emit(piece, 0, inflated);
                if (inflater.finished()) {
                    left = TRAILER;
                    headerLength = 0;
                    state = coding == Coding.GZIP ? State.TRAILER : State.BEHIND;
                    return to - inflater.getRemaining();
                }
                if (inflated == 0) {
                    return to;
                }
            } catch (DataFormatException broken) {
                emit(piece, 0, (int) (inflater.getBytesWritten() - before));
                findings.add(BodyAnomaly.CODING);
                unreadable = true;
                state = State.PLAIN;
                return to - inflater.getRemaining();
            }
        }
        return to;
    }
}
