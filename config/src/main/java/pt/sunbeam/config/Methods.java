package pt.sunbeam.config;

import java.util.regex.Pattern;

/** Methods as the configuration names them. */
final class Methods {
    private static final Pattern NAME = Pattern.compile("[A-Z][A-Z-]{0,30}");

    private Methods() {}

    /** Case counts (RFC 9110 section 9.1); what is written small is a slip. */
    static String parse(String text) {
        if (NAME.matcher(text).matches()) {
            return text;
        }
        throw new IllegalArgumentException("a method in capital letters, such as GET");
    }
}
