package pt.sunbeam.detector.scan;

/**
 * Whether a path climbs above its root. Segments end at either slash, {@code ..;x} climbs as {@code ..} does, since some servers drop what follows
 * the semicolon. Not thread-safe.
 */
final class PathDepth {
    private int depth;
    private int dots;
    private boolean named;
    private boolean parameters;
    private boolean escaped;

    void begin() {
        depth = 0;
        escaped = false;
        segment();
    }

    private void segment() {
        dots = 0;
        named = false;
        parameters = false;
    }

    void take(byte[] text, int length) {
        for (int i = 0; i < length; i++) {
            byte b = text[i];
            if (b == '/' || b == '\\') {
                end();
            } else if (!parameters) {
                parameters = b == ';';
                dots += b == '.' ? 1 : 0;
                named |= b != '.' && b != ';';
            }
        }
    }

    /** The last segment ends; the path may have come in any number of pieces. */
    void end() {
        if (named || dots > 2) {
            depth++;
        } else if (dots == 2) {
            depth--;
            escaped |= depth < 0;
        }
        segment();
    }

    boolean escaped() {
        return escaped;
    }
}
