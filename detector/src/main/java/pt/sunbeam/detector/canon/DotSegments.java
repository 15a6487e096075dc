package pt.sunbeam.detector.canon;

/**
 * Whether the dot segments of a path lead above its root (RFC 3986 section 5.2.4). Slashes and backslashes end a segment; what follows a semicolon in a
 * segment does not count, as for servlet containers.
 */
final class DotSegments {
    private int depth;
    private int size; // of the segment so far, up to a semicolon
    private int dots; // in it
    private boolean parameter;
    private boolean above;

    void begin() {
        depth = 0;
        size = 0;
        dots = 0;
        parameter = false;
        above = false;
    }

    void read(byte[] text, int length, boolean last) {
        for (int i = 0; i < length; i++) {
            byte c = text[i];
            if (c == '/' || c == '\\') {
                endSegment();
            } else if (c == ';') {
                parameter = true;
            } else if (!parameter) {
                size++;
                dots += c == '.' ? 1 : 0;
            }
        }
        if (last) {
            endSegment();
        }
    }

    boolean above() {
        return above;
    }

    private void endSegment() {
        if (size == 2 && dots == 2) {
            depth--;
            above |= depth < 0;
        } else if (size > 1 || dots < size) {
            depth++;
        }
        size = 0;
        dots = 0;
        parameter = false;
    }
}
