package pt.sunbeam.proxy.wire.http1;

import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.Syntax;

/**
 * Content in chunks (RFC 9112 section 7.1). Extensions are passed over, within a bound; of trailer fields those are refused that would frame or route the message
 * (RFC 9110 section 6.5.1).
 */
final class ChunkedReader implements ContentReader {
    private static final int MOST_DIGITS = 15; // of 4 bits each, which fit a long
    private static final int MOST_EXTENSION = 256;

    private enum Awaits {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER,
        NOTHING
    }

    private final HeadLimits limits;
    private Awaits awaits = Awaits.SIZE;
    private long left; // of the chunk
    private int digits;
    private int extension;
    private @Nullable Lines lines;
    private @Nullable FieldIndex index;
    private ContentStep last = new ContentStep.Refused(Refusal.CUT_SHORT);

    ChunkedReader(HeadLimits limits) {
        this.limits = limits;
    }

    @Override
    public ContentStep next(byte[] chunk, int from, int to) {
        for (int at = from; at < to && awaits != Awaits.NOTHING; at++) {
            if (awaits == Awaits.DATA) {
                int length = (int) Math.min(left, to - at);
                left -= length;
                awaits = left == 0 ? Awaits.DATA_CR : Awaits.DATA;
                return new ContentStep.Data(at, at + length);
            }
            if (awaits == Awaits.TRAILER) {
                return trailer(chunk, at, to);
            }
            Refusal wrong = framing(chunk[at]);
            if (wrong != null) {
                return refuse(wrong);
            }
        }
        return switch (awaits) {
            case NOTHING ->
                last instanceof ContentStep.End(int _, Fields trailers) ? new ContentStep.End(from, trailers) : last;
            default -> ContentStep.MORE;
        };
    }

    private @Nullable Refusal framing(byte b) {
        return switch (awaits) {
            case SIZE -> size(b);
            case EXTENSION -> extension(b);
            case SIZE_LF -> {
                awaits = left == 0 ? Awaits.TRAILER : Awaits.DATA;
                digits = 0;
                extension = 0;
                yield b == '\n' ? null : Refusal.BARE_CR;
            }
            case DATA_CR -> {
                awaits = Awaits.DATA_LF;
                yield b == '\r' ? null : b == '\n' ? Refusal.BARE_LF : Refusal.CHUNK_END;
            }
            case DATA_LF -> {
                awaits = Awaits.SIZE;
                yield b == '\n' ? null : Refusal.BARE_CR;
            }
            case DATA, TRAILER, NOTHING -> throw new IllegalStateException("no framing is awaited");
        };
    }

    private @Nullable Refusal size(byte b) {
        int digit = Character.digit(b, 16); // bytes beyond ASCII are negative, and no digits
        if (digit >= 0) {
            left = digits == 0 ? digit : left << 4 | digit;
            return ++digits > MOST_DIGITS ? Refusal.CHUNK_SIZE : null;
        }
        if (digits == 0 || (b != '\r' && b != ';')) {
            return b == '\n' && digits > 0 ? Refusal.BARE_LF : Refusal.CHUNK_SIZE;
        }
        awaits = b == '\r' ? Awaits.SIZE_LF : Awaits.EXTENSION;
        return null;
    }

    private @Nullable Refusal extension(byte b) {
        if (b == '\r') {
            awaits = Awaits.SIZE_LF;
            return null;
        }
        if (!Syntax.TEXT.allows(b)) {
            return b == '\n' ? Refusal.BARE_LF : Refusal.CONTROL;
        }
        return ++extension > MOST_EXTENSION ? Refusal.CHUNK_EXTENSION : null;
    }

    private ContentStep trailer(byte[] chunk, int from, int to) {
        if (lines == null || index == null) {
            lines = new Lines();
            index = new FieldIndex(limits.fields());
        }
        for (int at = from; at < to; at = lines.position()) {
            Lines.Taken taken = lines.take(chunk, at, to, limits.fieldBytes() + 2);
            if (taken == Lines.Taken.TOO_LONG) {
                return refuse(Refusal.FIELDS_TOO_LONG);
            }
            if (taken == Lines.Taken.LINE) {
                int end = lines.end();
                if (end == lines.start()) {
                    return end(index, lines);
                }
                Refusal wrong = end < 0 ? Refusal.BARE_LF : index.add(lines.bytes(), lines.start(), end);
                if (wrong != null) {
                    return refuse(wrong);
                }
            }
        }
        return ContentStep.MORE;
    }

    private ContentStep end(FieldIndex section, Lines gathered) {
        int[] offsets = section.drain();
        var trailers = offsets.length == 0 ? Fields.NONE : new Fields(gathered.drain(), offsets);
        if (trailers.find(HeaderName.CONTENT_LENGTH, 0) >= 0
                || trailers.find(HeaderName.TRANSFER_ENCODING, 0) >= 0
                || trailers.find(HeaderName.HOST, 0) >= 0) {
            return refuse(Refusal.TRAILER);
        }
        awaits = Awaits.NOTHING;
        last = new ContentStep.End(gathered.position(), trailers);
        return last;
    }

    private ContentStep refuse(Refusal wrong) {
        awaits = Awaits.NOTHING;
        last = new ContentStep.Refused(wrong);
        return last;
    }

    @Override
    public ContentStep closed() {
        return last instanceof ContentStep.End(int _, Fields trailers) ? new ContentStep.End(0, trailers) : last;
    }
}
