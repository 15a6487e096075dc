package pt.sunbeam.proxy.route;

/**
 * The form in which paths are compared with rules: escapes of what needs none are undone and the others are in upper case (RFC 3986 section 6.2.2), an
 * escaped slash is a slash, and slashes in a row are one. So that what a backend may take for {@code /admin} is taken for it here too.
 */
final class NormalPath {
    private NormalPath() {}

    /** The same object where there is nothing to do. */
    static String of(String path) {
        if (path.indexOf('%') < 0 && path.indexOf("//") < 0) {
            return path;
        }
        var out = new StringBuilder(path.length());
        for (int at = 0; at < path.length(); ) {
            int code = escaped(path, at);
            if (code == '/' || isUnreserved(code)) {
                append(out, (char) code);
            } else if (code >= 0) {
                out.append('%').append(upperHex(code >> 4)).append(upperHex(code & 15));
            } else {
                append(out, path.charAt(at));
            }
            at += code < 0 ? 1 : 3;
        }
        return out.toString();
    }

    private static void append(StringBuilder out, char c) {
        if (c != '/' || out.isEmpty() || out.charAt(out.length() - 1) != '/') {
            out.append(c);
        }
    }

    /** The octet that is escaped there, or -1. */
    private static int escaped(String path, int at) {
        if (path.charAt(at) != '%' || at + 2 >= path.length()) {
            return -1;
        }
        int high = Character.digit(path.charAt(at + 1), 16);
        int low = Character.digit(path.charAt(at + 2), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private static boolean isUnreserved(int code) {
        return (code >= 'a' && code <= 'z')
                || (code >= 'A' && code <= 'Z')
                || (code >= '0' && code <= '9')
                || code == '-'
                || code == '.'
                || code == '_'
                || code == '~';
    }

    private static char upperHex(int digit) {
        return Character.toUpperCase(Character.forDigit(digit, 16));
    }
}
