package pt.sunbeam.detector.http;

/** Which characters may stand where (RFC 9110 section 5, RFC 9112 section 3). */
public enum Syntax {
    /** {@code tchar}: methods and field names. */
    TOKEN,
    /** Targets and versions: no space, no control character; other bytes pass, for old clients send them unescaped. */
    TARGET,
    /** Field values: neither CR nor LF nor NUL, which would end the line or the string. */
    VALUE,
    /** Field values as they are received: tab and no other control character (RFC 9110 section 5.5). */
    TEXT;

    @SuppressWarnings("ImmutableEnumChecker") // nothing writes to it but the initialiser below
    private final boolean[] allowed = new boolean[256];

    static {
        for (int c = 0; c < 256; c++) {
            TOKEN.allowed[c] = c > ' ' && c < 127 && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
            TARGET.allowed[c] = c > ' ' && c != 127;
            VALUE.allowed[c] = c != '\r' && c != '\n' && c != 0;
            TEXT.allowed[c] = c == '\t' || (c >= ' ' && c != 127);
        }
    }

    /** Whether the byte may stand there, as a character of ISO-8859-1. */
    public boolean allows(byte b) {
        return allowed[b & 0xff];
    }

    boolean allows(char c) {
        return c < 256 ? allowed[c] : this != TOKEN;
    }
}
