package pt.sunbeam.detector.body;

import pt.sunbeam.detector.http.Ascii;

/**
 * What a Content-Type (RFC 9110 section 8.3) says about how to read the content. Reused; refers to no bytes but its own.
 *
 * <p>Where it can be read in more than one way, it says so, for then whoever reads the content next may read it in the other one.
 */
final class ContentType {
    enum Kind {
        FORM,
        MULTIPART,
        JSON,
        XML,
        TEXT,
        /** Absent, or one that has no grammar of its own here: the content itself shows whether it is text. */
        OTHER
    }

    static final int LONGEST_BOUNDARY = 128;
    static final int LONGEST_CHARSET = 32;

    private static final byte[] FORM = Ascii.pattern("application/x-www-form-urlencoded");
    private static final byte[] MULTIPART = Ascii.pattern("multipart/");
    private static final byte[] TEXT = Ascii.pattern("text/");
    private static final byte[] JSON = Ascii.pattern("json");
    private static final byte[] XML = Ascii.pattern("xml");
    private static final byte[] BOUNDARY = Ascii.pattern("boundary");
    private static final byte[] CHARSET = Ascii.pattern("charset");

    private Kind kind = Kind.OTHER;
    private boolean present;
    private boolean malformed;
    private final byte[] boundary = new byte[LONGEST_BOUNDARY];
    private int boundaryLength; // -1 where there is none that everybody reads alike
    private final byte[] charset = new byte[LONGEST_CHARSET];
    private int charsetLength; // -1 where it is too long to be one

    void clear() {
        kind = Kind.OTHER;
        present = false;
        malformed = false;
        boundaryLength = 0;
        charsetLength = 0;
    }

    /** Reads a field's value. A second one makes it malformed and of no kind. */
    void read(byte[] bytes, int from, int to) {
        if (present) {
            clear();
            present = true;
            malformed = true;
            return;
        }
        clear();
        present = true;
        int end = parameterEnd(bytes, from, to);
        kind(bytes, trimLeft(bytes, from, end), trimRight(bytes, from, end));
        boolean boundarySeen = false;
        for (int at = end + 1; at < to; at = end + 1) {
            end = parameterEnd(bytes, at, to);
            int nameFrom = trimLeft(bytes, at, end);
            int equals = nameFrom;
            while (equals < end && bytes[equals] != '=') {
                equals++;
            }
            int nameTo = trimRight(bytes, nameFrom, equals);
            if (equals < end) {
                int valueFrom = trimLeft(bytes, equals + 1, end);
                int valueTo = trimRight(bytes, valueFrom, end);
                if (Ascii.equals(bytes, nameFrom, nameTo, BOUNDARY)) {
                    boundaryLength = boundarySeen ? -1 : value(bytes, valueFrom, valueTo, boundary);
                    boundarySeen = true;
                } else if (Ascii.equals(bytes, nameFrom, nameTo, CHARSET)) {
                    charsetLength = value(bytes, valueFrom, valueTo, charset);
                }
            }
        }
    }

    private void kind(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            malformed |= bytes[i] <= ' ' || bytes[i] == ',' || bytes[i] == '"';
        }
        int slash = from;
        while (slash < to && bytes[slash] != '/') {
            slash++;
        }
        malformed |= slash == to;
        if (malformed) {
            return;
        }
        if (Ascii.equals(bytes, from, to, FORM)) {
            kind = Kind.FORM;
        } else if (Ascii.startsWith(bytes, from, to, MULTIPART)) {
            kind = Kind.MULTIPART;
        } else if (Ascii.contains(bytes, slash + 1, to, JSON)) {
            kind = Kind.JSON;
        } else if (isXml(bytes, slash + 1, to)) {
            kind = Kind.XML;
        } else if (Ascii.startsWith(bytes, from, to, TEXT)) {
            kind = Kind.TEXT;
        }
    }

    /** "xml", or anything with the suffix "+xml" (RFC 7303 section 4.2). */
    private static boolean isXml(byte[] bytes, int subtype, int to) {
        int from = to - XML.length;
        return from >= subtype && Ascii.startsWith(bytes, from, to, XML) && (from == subtype || bytes[from - 1] == '+');
    }

    /** Copies a token or the text of a quoted string; -1 where it is too long or not one of these. */
    private static int value(byte[] bytes, int from, int to, byte[] out) {
        boolean quoted = to - from >= 2 && bytes[from] == '"' && bytes[to - 1] == '"';
        int length = 0;
        for (int i = quoted ? from + 1 : from; i < (quoted ? to - 1 : to); i++) {
            byte b = bytes[i];
            boolean fits = quoted ? b != '\\' && b != '"' : b > ' ' && b != '"' && b != ',';
            if (!fits || length == out.length) {
                return -1;
            }
            out[length++] = b;
        }
        return length;
    }

    /** The next ";" outside of a quoted string, or {@code to}. */
    private static int parameterEnd(byte[] bytes, int from, int to) {
        boolean quoted = false;
        int i = from;
        while (i < to && (quoted || bytes[i] != ';')) {
            if (bytes[i] == '"') {
                quoted = !quoted;
            } else if (quoted && bytes[i] == '\\' && i + 1 < to) {
                i++;
            }
            i++;
        }
        return i;
    }

    private static int trimLeft(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && (bytes[i] == ' ' || bytes[i] == '\t')) {
            i++;
        }
        return i;
    }

    private static int trimRight(byte[] bytes, int from, int to) {
        int i = to;
        while (i > from && (bytes[i - 1] == ' ' || bytes[i - 1] == '\t')) {
            i--;
        }
        return i;
    }

    Kind kind() {
        return kind;
    }

    boolean isPresent() {
        return present;
    }

    boolean isMalformed() {
        return malformed;
    }

    byte[] boundary() {
        return boundary;
    }

    /** From 1; less where there is none that everybody reads alike. */
    int boundaryLength() {
        return boundaryLength;
    }

    byte[] charset() {
        return charset;
    }

    /** 0 where none is given, -1 where it is no name. */
    int charsetLength() {
        return charsetLength;
    }
}
