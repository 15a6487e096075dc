package pt.sunbeam.detector.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.function.Predicate;

/**
 * Finds what looks like a token: a session, a key, a password reset.
 *
 * <p>Text is cut into runs of letters, digits, "-" and "_". It looks like a token if any run does: 12 digits or more and nothing else; or hexadecimal, hyphens
 * aside, with 16 digits or more of which one is decimal (so each UUID); or 16 characters or more, where a letter stands beside a digit, or an upper-case
 * letter behind a lower-case one, at least once in eight characters (once in five where there is no digit). Random base64url and base36 do so about every
 * third character; words, versions and most camel case less often. By simulation a random token of 22 base64url characters passes unseen once in a thousand,
 * one of 16 base36 characters once in eighty; one of a single case without digits always does. What percent escapes hide is looked at too, however often they
 * were applied, up to three times.
 */
final class Tokens {
    static final String MASK = "*";
    private static final int DECODINGS = 3;
    private static final int CHARACTERS_PER_CHANGE = 5;
    private static final int CHARACTERS_PER_CHANGE_WITH_DIGITS = 8;

    /** Between words. A token may have what else there is, such as the "+" and "/" of base64. */
    private static final String BETWEEN = " \t.,:;()[]{}<>\"'`=&?#*|\\";

    /**
     * How long a run must be.
     *
     * @param digits where it has nothing else
     * @param characters otherwise
     */
    private record Fewest(int digits, int characters) {}

    private static final Fewest USUAL = new Fewest(12, 16);

    /** For pieces of a value, which may begin or end within a token. */
    private static final Fewest PIECE = new Fewest(8, 8);

    private Tokens() {}

    static boolean areIn(String text) {
        return areIn(text, 0, text.length());
    }

    static boolean areIn(String text, int from, int to) {
        if (hasRun(text, from, to, USUAL)) {
            return true;
        }
        int escape = text.indexOf('%', from, to);
        return escape >= 0 && areInDecoded(text.substring(from, to), USUAL);
    }

    /** The text with each word that has a token replaced by "*"; the same text where there is none. */
    static String masked(String text) {
        return masked(text, USUAL);
    }

    /** The same for a piece of a longer value, which may show less of a token than a whole one. */
    static String maskedPiece(String text) {
        return masked(text, PIECE);
    }

    private static String masked(String text, Fewest fewest) {
        if (!hasRun(text, 0, text.length(), fewest) && text.indexOf('%') < 0) {
            return text;
        }
        var masked = new StringBuilder(text.length());
        for (int start = 0; start < text.length(); ) {
            int end = start;
            while (end < text.length() && BETWEEN.indexOf(text.charAt(end)) < 0) {
                end++;
            }
            String word = text.substring(start, end);
            boolean token =
                    hasRun(word, 0, word.length(), fewest) || (word.indexOf('%') >= 0 && areInDecoded(word, fewest));
            masked.append(token ? MASK : word);
            if (end < text.length()) {
                masked.append(text.charAt(end));
            }
            start = end + 1;
        }
        return masked.toString();
    }

    private static boolean areInDecoded(String text, Fewest fewest) {
        return isInAnyDecoding(text, decoded -> hasRun(decoded, 0, decoded.length(), fewest));
    }

    /** Whether something is found once percent escapes are undone, one, two or three times. */
    static boolean isInAnyDecoding(String text, Predicate<String> finder) {
        String before = text;
        for (int i = 0; i < DECODINGS; i++) {
            String after = decoded(before);
            if (after.equals(before)) {
                return false;
            }
            if (finder.test(after)) {
                return true;
            }
            before = after;
        }
        return false;
    }

    private static String decoded(String text) {
        var bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (isEscape(text, i, text.length())) {
                bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(text.charAt(i));
            }
        }
        return bytes.toString(ISO_8859_1);
    }

    private static boolean isEscape(String text, int at, int to) {
        return text.charAt(at) == '%' && at + 2 < to && isHex(text.charAt(at + 1)) && isHex(text.charAt(at + 2));
    }

    /** A percent escape ends a run. */
    private static boolean hasRun(String text, int from, int to, Fewest fewest) {
        int start = from;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!isLetter(c) && !isDigit(c) && c != '-' && c != '_') {
                if (isTokenRun(text, start, i, fewest)) {
                    return true;
                }
                start = i + (isEscape(text, i, to) ? 3 : 1);
                i = start - 1;
            }
        }
        return isTokenRun(text, start, to, fewest);
    }

    private static boolean isTokenRun(String text, int from, int to, Fewest fewest) {
        int length = to - from;
        if (length < fewest.digits && length < fewest.characters) {
            return false;
        }
        int digits = 0;
        int hex = 0;
        int hyphens = 0;
        int changes = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            char before = i == from ? '-' : text.charAt(i - 1);
            digits += isDigit(c) ? 1 : 0;
            hex += isHex(c) ? 1 : 0;
            hyphens += c == '-' ? 1 : 0;
            boolean lettersAndDigits = (isDigit(c) && isLetter(before)) || (isLetter(c) && isDigit(before));
            changes += lettersAndDigits || (isUpper(c) && isLetter(before) && !isUpper(before)) ? 1 : 0;
        }
        int charactersPerChange = digits > 0 ? CHARACTERS_PER_CHANGE_WITH_DIGITS : CHARACTERS_PER_CHANGE;
        return (digits == length && length >= fewest.digits)
                || (hex + hyphens == length && hex >= fewest.characters && digits > 0)
                || (length >= fewest.characters && changes * charactersPerChange >= length);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean isLetter(char c) {
        return isUpper(c) || (c >= 'a' && c <= 'z');
    }

    static boolean isHex(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }
}
