package pt.sunbeam.proxy.wire.http1;

import org.jspecify.annotations.Nullable;

/** Reads the heads of one direction of a connection, one after the other; between two of them the caller reads the content. */
abstract sealed class HeadReader<H> permits RequestReader, ResponseReader {
    private static final int AROUND_TARGET = 48; // the longest method, two spaces, the version, CRLF

    private final HeadLimits limits;
    private final Lines lines = new Lines();
    private final FieldIndex index;
    private int sectionStart; // where the fields begin; 0 before the start line is whole
    private @Nullable Refusal refusal;

    HeadReader(HeadLimits limits) {
        this.limits = limits;
        this.index = new FieldIndex(limits.fields());
    }

    /** Whether the connection may end here: no byte of a head has come. */
    public final boolean isBetweenMessages() {
        return lines.isEmpty();
    }

    abstract Refusal startLineTooLong();

    /** Whether an empty line is passed over in place of the start line that comes next. */
    abstract boolean passesEmptyLine();

    /** Null where the line, which is without its CRLF, is a start line. */
    abstract @Nullable Refusal startLine(byte[] bytes, int from, int to);

    /** The head whose start line was the last one. */
    abstract HeadStep<H> head(Fields fields, int position);

    final HeadStep<H> step(byte[] chunk, int from, int to) {
        if (refusal != null) {
            return new HeadStep.Refused<>(refusal);
        }
        for (int at = from; at < to; at = lines.position()) {
            int most =
                    sectionStart == 0 ? limits.targetBytes() + AROUND_TARGET : sectionStart + limits.fieldBytes() + 2;
            Lines.Taken taken = lines.take(chunk, at, to, most);
            if (taken == Lines.Taken.TOO_LONG) {
                return refuse(sectionStart == 0 ? startLineTooLong() : Refusal.FIELDS_TOO_LONG);
            }
            if (taken == Lines.Taken.LINE) {
                int end = lines.end();
                Refusal wrong = end < 0 ? Refusal.BARE_LF : line(end);
                if (wrong != null) {
                    return refuse(wrong);
                }
                if (end == lines.start() && sectionStart > 0) {
                    return complete();
                }
            }
        }
        return new HeadStep.More<>();
    }

    private @Nullable Refusal line(int end) {
        if (end > lines.start()) {
            return sectionStart > 0 ? index.add(lines.bytes(), lines.start(), end) : first(end);
        }
        if (sectionStart > 0) {
            return null; // the end of the head
        }
        if (passesEmptyLine()) {
            lines.drain();
            return null;
        }
        return startLine(lines.bytes(), 0, 0);
    }

    private @Nullable Refusal first(int end) {
        sectionStart = lines.length();
        return startLine(lines.bytes(), lines.start(), end);
    }

    private HeadStep<H> complete() {
        sectionStart = 0;
        HeadStep<H> head = head(new Fields(lines.drain(), index.drain()), lines.position());
        return head instanceof HeadStep.Refused<H>(Refusal wrong) ? refuse(wrong) : head;
    }

    private HeadStep<H> refuse(Refusal wrong) {
        refusal = wrong;
        lines.drain();
        return new HeadStep.Refused<>(wrong);
    }
}
