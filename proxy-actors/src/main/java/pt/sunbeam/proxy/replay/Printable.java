package pt.sunbeam.proxy.replay;

import java.util.Locale;

/** Text of clients for terminals: printable ASCII, so that nothing in it moves a cursor. */
public final class Printable {
    private Printable() {}

    /** Everything else as backslash, "u" and four hexadecimal digits. */
    public static String of(String text) {
        var printable = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 127) {
                printable.append(c);
            } else {
                printable.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return printable.toString();
    }
}
