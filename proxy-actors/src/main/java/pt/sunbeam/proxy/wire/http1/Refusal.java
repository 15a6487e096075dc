package pt.sunbeam.proxy.wire.http1;

/** Why a message is not taken: nothing of it is forwarded, and no other message is read from its connection. */
public enum Refusal implements Framed {
    BARE_LF(400, "a line ends in LF without CR", "RFC 9112 section 2.2"),
    BARE_CR(400, "CR stands without LF", "RFC 9112 section 2.2"),
    CONTROL(400, "a control character", "RFC 9110 section 5.5"),

    REQUEST_LINE(400, "no method, target and version with one space between", "RFC 9112 section 3"),
    METHOD(400, "the method is no token", "RFC 9110 section 9.1"),
    METHOD_UNKNOWN(501, "no method that anybody implements", "RFC 9110 section 9.1"),
    CONNECT(501, "no tunnels are made here", "RFC 9110 section 9.3.6"),
    TARGET(400, "the target has none of the forms for this method", "RFC 9112 section 3.2"),
    TARGET_TOO_LONG(414, "the target is too long", "RFC 9112 section 3"),
    VERSION(400, "no version of HTTP", "RFC 9112 section 2.3"),
    VERSION_UNSUPPORTED(505, "neither HTTP/1.1 nor HTTP/1.0", "RFC 9110 section 15.6.6"),
    STATUS_LINE(400, "no version, status and reason", "RFC 9112 section 4"),

    LEADING_SPACE(400, "white space before the first field", "RFC 9112 section 2.2"),
    FOLD(400, "a field goes on in a second line", "RFC 9112 section 5.2"),
    NO_COLON(400, "a field has no colon", "RFC 9112 section 5"),
    SPACE_BEFORE_COLON(400, "white space before a colon", "RFC 9112 section 5.1"),
    FIELD_NAME(400, "a field's name is no token", "RFC 9110 section 5.1"),
    FIELDS_TOO_LONG(431, "the fields are too long", "RFC 6585 section 5"),
    TOO_MANY_FIELDS(431, "too many fields", "RFC 6585 section 5"),

    HOST_MISSING(400, "no Host", "RFC 9112 section 3.2"),
    HOST_REPEATED(400, "more than one Host", "RFC 9112 section 3.2"),
    HOST_INVALID(400, "no valid host", "RFC 9112 section 3.2"),
    HOST_DISAGREES(400, "Host is not the one of the target", "RFC 9112 section 3.2.2"),

    LENGTH_INVALID(400, "Content-Length is no number", "RFC 9112 section 6.3"),
    LENGTH_REPEATED(400, "more than one Content-Length", "RFC 9112 section 6.3"),
    LENGTH_AND_CODING(400, "Content-Length and Transfer-Encoding", "RFC 9112 section 6.3"),
    CODING_INVALID(400, "Transfer-Encoding is not one final chunked", "RFC 9112 section 6.3"),
    CODING_UNKNOWN(501, "a transfer coding that is not implemented", "RFC 9112 section 6.1"),
    CODING_IN_1_0(400, "Transfer-Encoding in HTTP/1.0", "RFC 9112 section 6.1"),
    FRAMING_LOOKALIKE(400, "a field that some read as framing", "RFC 3875 section 4.1.18"),
    CONTENT_FORBIDDEN(400, "content with a status that has none", "RFC 9110 section 6.4.1"),

    CHUNK_SIZE(400, "a chunk's size is no hexadecimal number", "RFC 9112 section 7.1"),
    CHUNK_EXTENSION(400, "chunk extensions are too long", "RFC 9112 section 7.1.1"),
    CHUNK_END(400, "a chunk is longer than its size", "RFC 9112 section 7.1"),
    TRAILER(400, "a trailer field that frames or routes", "RFC 9110 section 6.5.1"),
    CUT_SHORT(400, "the connection ended inside a message", "RFC 9112 section 8");

    private final int status;
    private final String reason;
    private final String rule;

    Refusal(int status, String reason, String rule) {
        this.status = status;
        this.reason = reason;
        this.rule = rule;
    }

    /** The status a client is answered with whose request is refused: 400, 414, 431, 501 or 505. A refused response is a 502, whatever the reason. */
    public int status() {
        return status;
    }

    /** For logs; it holds nothing of the message. */
    public String reason() {
        return reason;
    }

    /** The section that asks for it, or that the strictness belongs to. */
    public String rule() {
        return rule;
    }

    /** Of a byte that may not stand where it stands, or the other where it is no control character. */
    static Refusal of(byte b, Refusal other) {
        return b == '\r' ? BARE_CR : (b >= 0 && b < ' ' && b != '\t') || b == 127 ? CONTROL : other;
    }
}
