package pt.sunbeam.config;

import java.util.regex.Pattern;

/** Paths as the configuration writes them: as they stand on the wire, escapes included. */
final class Paths {
    static final String EXPECTED = "a path that starts with /, without query or blanks";
    private static final Pattern PATH = Pattern.compile("/[!-~&&[^?#\"<>\\\\^`{|}]]*");

    private Paths() {}

    static String parse(String text) {
        if (PATH.matcher(text).matches()) {
            return text;
        }
        throw new IllegalArgumentException(EXPECTED);
    }
}
