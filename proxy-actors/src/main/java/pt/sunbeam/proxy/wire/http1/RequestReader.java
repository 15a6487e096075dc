package pt.sunbeam.proxy.wire.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.Ascii;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.http.Syntax;

/** Reads the heads of the requests that a client sends on one connection (RFC 9112 section 3). */
public final class RequestReader extends HeadReader<ReceivedRequest> {
    static final int NO_VERSION = -2;
    static final int OTHER_VERSION = -1;

    private static final int LONGEST_METHOD = 32;
    private static final byte[] HTTP = {'H', 'T', 'T', 'P', '/'};
    private static final byte[] HTTP_SCHEME = Ascii.pattern("http://");
    private static final byte[] HTTPS_SCHEME = Ascii.pattern("https://");
    private static final byte[] CONTINUE = Ascii.pattern("100-continue");
    private static final String[] METHODS = {"GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"};
    private static final byte[][] METHODS_AS_BYTES =
            Arrays.stream(METHODS).map(method -> method.getBytes(ISO_8859_1)).toArray(byte[][]::new);

    private final int targetLimit;
    private boolean emptyLineMayCome = true;
    private String method = "";
    private int minor;
    private int targetEnd;
    private int authorityStart;
    private int authorityEnd; // of an absolute target, else where it starts
    private int defaultPort;

    public RequestReader(HeadLimits limits) {
        super(limits);
        targetLimit = limits.targetBytes();
    }

    /** Takes bytes of the connection; what it reads of them it copies. After a head, it is the next request's that it waits for. */
    public HeadStep<ReceivedRequest> next(byte[] chunk, int from, int to) {
        return step(chunk, from, to);
    }

    @Override
    Refusal startLineTooLong() {
        return Refusal.TARGET_TOO_LONG;
    }

    /** One, which old clients send behind content (RFC 9112 section 2.2). */
    @Override
    boolean passesEmptyLine() {
        boolean passes = emptyLineMayCome;
        emptyLineMayCome = false;
        return passes;
    }

    @Override
    @Nullable
    Refusal startLine(byte[] bytes, int from, int to) {
        emptyLineMayCome = true;
        int methodEnd = from;
        while (methodEnd < to && Syntax.TOKEN.allows(bytes[methodEnd])) {
            methodEnd++;
        }
        if (methodEnd == to) {
            return Refusal.REQUEST_LINE;
        }
        if (methodEnd == from || bytes[methodEnd] != ' ') {
            return Refusal.of(bytes[methodEnd], bytes[methodEnd] == ' ' ? Refusal.REQUEST_LINE : Refusal.METHOD);
        }
        int target = methodEnd + 1;
        targetEnd = target;
        while (targetEnd < to && Syntax.TARGET.allows(bytes[targetEnd])) {
            targetEnd++;
        }
        if (targetEnd == to) {
            return Refusal.REQUEST_LINE;
        }
        if (targetEnd == target || bytes[targetEnd] != ' ') {
            return Refusal.of(bytes[targetEnd], Refusal.REQUEST_LINE);
        }
        Refusal wrong = version(bytes, targetEnd + 1, to);
        if (wrong == null) {
            wrong = method(bytes, from, methodEnd);
        }
        return wrong == null ? target(bytes, target) : wrong;
    }

    private @Nullable Refusal version(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Syntax.TARGET.allows(bytes[i])) {
                return Refusal.of(bytes[i], Refusal.REQUEST_LINE);
            }
        }
        minor = minor(bytes, from, to);
        return minor >= 0 ? null : minor == OTHER_VERSION ? Refusal.VERSION_UNSUPPORTED : Refusal.VERSION;
    }

    /** Of HTTP/1.0 and HTTP/1.1; else one of the constants. */
    static int minor(byte[] bytes, int from, int to) {
        boolean version = to - from == 8
                && Arrays.equals(bytes, from, from + 5, HTTP, 0, 5)
                && isDigit(bytes[from + 5])
                && bytes[from + 6] == '.'
                && isDigit(bytes[from + 7]);
        if (!version) {
            return NO_VERSION;
        }
        int minor = bytes[from + 7] - '0';
        return bytes[from + 5] == '1' && minor <= 1 ? minor : OTHER_VERSION;
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** Methods are in capitals; who folds case behind the proxy would see another one than its rules did. */
    private @Nullable Refusal method(byte[] bytes, int from, int to) {
        for (int i = 0; i < METHODS.length; i++) {
            if (Arrays.equals(bytes, from, to, METHODS_AS_BYTES[i], 0, METHODS_AS_BYTES[i].length)) {
                method = METHODS[i];
                return null;
            }
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] >= 'a' && bytes[i] <= 'z') {
                return Refusal.METHOD_UNKNOWN;
            }
        }
        method = new String(bytes, from, Math.min(to - from, LONGEST_METHOD + 1), ISO_8859_1);
        return method.length() > LONGEST_METHOD
                ? Refusal.METHOD_UNKNOWN
                : method.equals("CONNECT") ? Refusal.CONNECT : null;
    }

    private @Nullable Refusal target(byte[] bytes, int from) {
        authorityStart = from;
        authorityEnd = from;
        if (targetEnd - from > targetLimit) {
            return Refusal.TARGET_TOO_LONG;
        }
        for (int i = from; i < targetEnd; i++) {
            if (bytes[i] == '#') { // no form has a fragment, and servers differ in whether it belongs to the path
                return Refusal.TARGET;
            }
        }
        if (bytes[from] == '/') {
            return null;
        }
        if (bytes[from] == '*') {
            return targetEnd == from + 1 && method.equals("OPTIONS") ? null : Refusal.TARGET;
        }
        return absolute(bytes, from);
    }

    private @Nullable Refusal absolute(byte[] bytes, int from) {
        boolean secure = Ascii.startsWith(bytes, from, targetEnd, HTTPS_SCHEME);
        if (!secure && !Ascii.startsWith(bytes, from, targetEnd, HTTP_SCHEME)) {
            return Refusal.TARGET;
        }
        defaultPort = secure ? 443 : 80;
        authorityStart = from + (secure ? HTTPS_SCHEME : HTTP_SCHEME).length;
        authorityEnd = authorityStart;
        while (authorityEnd < targetEnd && bytes[authorityEnd] != '/' && bytes[authorityEnd] != '?') {
            authorityEnd++;
        }
        return Authority.isValid(bytes, authorityStart, authorityEnd) ? null : Refusal.TARGET;
    }

    @Override
    HeadStep<ReceivedRequest> head(Fields fields, int position) {
        Refusal host = host(fields);
        if (host != null) {
            return new HeadStep.Refused<>(host);
        }
        return switch (Framing.ofRequest(fields, minor)) {
            case Refusal refusal -> new HeadStep.Refused<>(refusal);
            case Framing framing -> {
                var head = RequestHead.received(
                        method, targetEnd, minor == 1 ? "HTTP/1.1" : "HTTP/1.0", fields.bytes(), fields.offsets());
                boolean waits = minor == 1
                        && !(framing instanceof Framing.Empty)
                        && fields.hasItem(HeaderName.EXPECT, CONTINUE);
                yield new HeadStep.Complete<>(
                        new ReceivedRequest(head, framing, Persistence.of(fields, minor), waits), position);
            }
        };
    }

    private @Nullable Refusal host(Fields fields) {
        int host = fields.find(HeaderName.HOST, 0);
        if (host < 0) {
            return minor == 0 ? null : Refusal.HOST_MISSING;
        }
        if (fields.find(HeaderName.HOST, host + 1) >= 0) {
            return Refusal.HOST_REPEATED;
        }
        int from = fields.valueStart(host);
        int to = fields.valueEnd(host);
        byte[] bytes = fields.bytes();
        if (!Authority.isValid(bytes, from, to)) {
            return Refusal.HOST_INVALID;
        }
        boolean agrees = authorityStart == authorityEnd
                || Authority.same(bytes, authorityStart, authorityEnd, from, to, defaultPort);
        return agrees ? null : Refusal.HOST_DISAGREES;
    }
}
