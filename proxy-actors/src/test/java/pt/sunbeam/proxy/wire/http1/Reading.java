package pt.sunbeam.proxy.wire.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one direction of a connection was read as, in words: {@code POST /a [content] {trailers}} a request, {@code 200 [content]} a response, {@code !} behind one that
 * is the last, {@code REFUSED REASON}, and {@code ...} where the bytes end inside a head.
 */
final class Reading {
    static final HeadLimits LIMITS = new HeadLimits(256, 1_024, 16);

    private static final int MARGIN = 3;

    private final StringBuilder words = new StringBuilder();
    private final RequestReader requests = new RequestReader(LIMITS);
    private final ResponseReader responses = new ResponseReader(LIMITS);
    private final @Nullable String asked; // the method of the requests that are answered; null where requests are read
    private @Nullable ContentReader content;
    private ByteArrayOutputStream body = new ByteArrayOutputStream();
    private boolean persistent = true;
    private boolean over;

    private Reading(@Nullable String asked) {
        this.asked = asked;
    }

    static String requests(byte[] bytes, int... cuts) {
        return new Reading(null).all(bytes, cuts);
    }

    static String responses(String method, byte[] bytes, int... cuts) {
        return new Reading(method).all(bytes, cuts);
    }

    /** Each piece stands in an array of its own between bytes that would change what is read, if they were. */
    private String all(byte[] bytes, int... cuts) {
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : bytes.length;
            var piece = new byte[MARGIN + to - from + MARGIN];
            Arrays.fill(piece, (byte) '\n');
            System.arraycopy(bytes, from, piece, MARGIN, to - from);
            read(piece, MARGIN, MARGIN + to - from);
            from = to;
        }
        end();
        return words.toString().strip();
    }

    private void read(byte[] piece, int from, int to) {
        int at = from;
        boolean more = true;
        while (more && !over) {
            int next = content != null ? content(content, piece, at, to) : head(piece, at, to);
            more = next >= 0;
            at = next;
            if (at > to) {
                throw new AssertionError("read to " + at + " of " + to);
            }
        }
    }

    private int head(byte[] piece, int from, int to) {
        if (asked != null) {
            return switch (responses.next(piece, from, to, asked)) {
                case HeadStep.More<ReceivedResponse> _ -> -1;
                case HeadStep.Refused<ReceivedResponse>(var refusal) -> refused(refusal);
                case HeadStep.Complete<ReceivedResponse>(var head, int position) -> {
                    begin(Integer.toString(head.status()), head.framing(), head.persistent());
                    yield position;
                }
            };
        }
        return switch (requests.next(piece, from, to)) {
            case HeadStep.More<ReceivedRequest> _ -> -1;
            case HeadStep.Refused<ReceivedRequest>(var refusal) -> refused(refusal);
            case HeadStep.Complete<ReceivedRequest>(var received, int position) -> {
                begin(
                        received.head().method() + " " + received.head().target(),
                        received.framing(),
                        received.persistent());
                yield position;
            }
        };
    }

    private void begin(String head, Framing framing, boolean goesOn) {
        words.append(head);
        persistent = goesOn;
        if (framing instanceof Framing.Tunnel) {
            words.append(" TUNNEL");
            over = true;
        } else {
            content = ContentReader.of(framing, LIMITS);
            body = new ByteArrayOutputStream();
        }
    }

    private int content(ContentReader reader, byte[] piece, int from, int to) {
        return switch (reader.next(piece, from, to)) {
            case ContentStep.More _ -> -1;
            case ContentStep.Refused(var refusal) -> refused(refusal);
            case ContentStep.Data(int start, int end) -> {
                if (start < from || end > to || start >= end) {
                    throw new AssertionError("content at %d to %d of %d to %d".formatted(start, end, from, to));
                }
                body.write(piece, start, end - start);
                yield end;
            }
            case ContentStep.End(int position, Fields trailers) -> {
                finish(trailers);
                yield position;
            }
        };
    }

    private void finish(Fields trailers) {
        words.append(" [").append(body.toString(ISO_8859_1)).append("]");
        if (trailers.count() > 0) {
            words.append(" {");
            for (int i = 0; i < trailers.count(); i++) {
                words.append(trailers.name(i))
                        .append('=')
                        .append(trailers.value(i))
                        .append(' ');
            }
            words.setCharAt(words.length() - 1, '}');
        }
        words.append(persistent ? " " : "! ");
        over = !persistent;
        content = null;
    }

    private int refused(Refusal refusal) {
        words.append(" REFUSED ").append(refusal);
        over = true;
        return -1;
    }

    private void end() {
        if (over) {
            return;
        }
        if (content != null) {
            switch (content.closed()) {
                case ContentStep.End(int _, Fields trailers) -> finish(trailers);
                case ContentStep.Refused(var refusal) -> refused(refusal);
                case ContentStep.More _, ContentStep.Data _ -> throw new AssertionError("bytes after the end");
            }
        } else if (asked == null ? !requests.isBetweenMessages() : !responses.isBetweenMessages()) {
            words.append("...");
        }
    }
}
