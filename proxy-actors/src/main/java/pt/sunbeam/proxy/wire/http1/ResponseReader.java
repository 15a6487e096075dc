package pt.sunbeam.proxy.wire.http1;

import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.Syntax;

/** Reads the heads of the responses that an upstream sends on one connection (RFC 9112 section 4). */
public final class ResponseReader extends HeadReader<ReceivedResponse> {
    private static final int VERSION = 8;
    private static final int REASON = 13; // "HTTP/1.1 200 ", and the space may be missing

    private String method = "";
    private int minor;
    private int status;

    public ResponseReader(HeadLimits limits) {
        super(limits);
    }

    /**
     * Takes bytes of the connection; what it reads of them it copies.
     *
     * @param requestMethod of the request whose response is awaited, which decides whether content follows
     */
    public HeadStep<ReceivedResponse> next(byte[] chunk, int from, int to, String requestMethod) {
        method = requestMethod;
        return step(chunk, from, to);
    }

    @Override
    Refusal startLineTooLong() {
        return Refusal.STATUS_LINE;
    }

    @Override
    boolean passesEmptyLine() {
        return false;
    }

    @Override
    @Nullable
    Refusal startLine(byte[] bytes, int from, int to) {
        int length = to - from;
        minor = length < VERSION ? RequestReader.NO_VERSION : RequestReader.minor(bytes, from, from + VERSION);
        if (minor < 0) {
            return minor == RequestReader.OTHER_VERSION ? Refusal.VERSION_UNSUPPORTED : Refusal.VERSION;
        }
        if (length < REASON - 1
                || bytes[from + VERSION] != ' '
                || (length >= REASON && bytes[from + REASON - 1] != ' ')) {
            return Refusal.STATUS_LINE;
        }
        status = 0;
        for (int i = from + VERSION + 1; i < from + REASON - 1; i++) {
            if (!RequestReader.isDigit(bytes[i])) {
                return Refusal.STATUS_LINE;
            }
            status = 10 * status + bytes[i] - '0';
        }
        for (int i = from + REASON - 1; i < to; i++) {
            if (!Syntax.TEXT.allows(bytes[i])) {
                return Refusal.of(bytes[i], Refusal.CONTROL);
            }
        }
        return status < 100 || status > 599 ? Refusal.STATUS_LINE : null;
    }

    @Override
    HeadStep<ReceivedResponse> head(Fields fields, int position) {
        return switch (Framing.ofResponse(fields, minor, method, status)) {
            case Refusal refusal -> new HeadStep.Refused<>(refusal);
            case Framing framing ->
                new HeadStep.Complete<>(
                        new ReceivedResponse(status, fields, framing, Persistence.ofResponse(fields, minor, framing)),
                        position);
        };
    }
}
