package pt.sunbeam.detector.body;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.Ascii;

/** Which charset content is in, and whether its ASCII characters stand for themselves, so that it can be read as it is. */
final class Charsets {
    private static final byte[][] LIKE_ASCII = {
        Ascii.pattern("utf-8"),
        Ascii.pattern("utf8"),
        Ascii.pattern("us-ascii"),
        Ascii.pattern("ascii"),
        Ascii.pattern("iso-8859-"),
        Ascii.pattern("iso8859"),
        Ascii.pattern("latin"),
        Ascii.pattern("windows-125"),
        Ascii.pattern("cp125"),
        Ascii.pattern("koi8")
    };

    private static final Charset UTF_32LE = Charset.forName("UTF-32LE");
    private static final Charset UTF_32BE = Charset.forName("UTF-32BE");

    private Charsets() {}

    /** Whether text in the charset of that name is read as if it were ASCII: true for those in which no byte below 0x80 means another character. */
    static boolean readsLikeAscii(byte[] name, int length) {
        for (byte[] known : LIKE_ASCII) {
            if (Ascii.startsWith(name, 0, length, known)) {
                return true;
            }
        }
        return false;
    }

    /** The charset of that name, or null where it is not a registered one that is known. */
    static @Nullable Charset named(byte[] name, int length) {
        if (length < 0) {
            return null;
        }
        try {
            var charset = Charset.forName(new String(name, 0, length, StandardCharsets.ISO_8859_1));
            return charset.isRegistered() && charset.canEncode() ? charset : null;
        } catch (IllegalArgumentException unknown) {
            return null;
        }
    }

    /**
     * UTF-16 or UTF-32 where the first bytes show one by where the zeros of an ASCII character stand, behind a byte order mark or before another such
     * character; else null.
     *
     * @param length of what there is, from 0 to 4
     */
    static @Nullable Charset shownBy(byte[] bytes, int length) {
        if (length < 4) {
            return null;
        }
        int first = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
        int second = (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
        if (second == 0 && (first == 0xfffe || (isText(bytes[0]) && bytes[1] == 0))) {
            return UTF_32LE;
        }
        if (first == 0 && (second == 0xfeff || (bytes[2] == 0 && isText(bytes[3])))) {
            return UTF_32BE;
        }
        if (isText(bytes[2]) && bytes[3] == 0 && (first == 0xfffe || (isText(bytes[0]) && bytes[1] == 0))) {
            return StandardCharsets.UTF_16LE;
        }
        if (bytes[2] == 0 && isText(bytes[3]) && (first == 0xfeff || (bytes[0] == 0 && isText(bytes[1])))) {
            return StandardCharsets.UTF_16BE;
        }
        return null;
    }

    /** Whether the bytes are characters of a text in ASCII. */
    static boolean isAscii(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (!isText(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isText(byte b) {
        return b >= ' ' || (b >= '\t' && b <= '\r');
    }
}
