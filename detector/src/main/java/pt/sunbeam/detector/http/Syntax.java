package pt.sunbeam.detector.http;

/** Which characters may stand where (RFC 9110 section 5, RFC 9112 section 3). */
enum Syntax {
    /** {@code tchar}: methods and field names. */
    TOKEN,
    /** Targets and versions: no space, no control character; other bytes pass, for old clients send them unescaped. */
    TARGET,
    /** Field values: neither CR nor LF nor NUL, which would end the line or the string. */
    VALUE;

    @SuppressWarnings("ImmutableEnumChecker") // nothing writes to it but the initialiser below
    private final boolean[] allowed = new boolean[256];

    static {
        for (int c = 0; c < 256; c++) {
            TOKEN.allowed[c] = c > ' ' && c < 127 && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
            TARGET.allowed[c] = c > ' ' && c != 127;
            VALUE.allowed[c] = c != '\r' && c != '\n' && c != 0;
        }
    }

    boolean allows(char c) {
        return c < 256 ? allowed[c] : this != TOKEN;
    }
}
