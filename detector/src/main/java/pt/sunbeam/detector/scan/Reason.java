package pt.sunbeam.detector.scan;

import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.lexicon.Channel;

/**
 * Why a request looks like an attack: one channel's strongest segment. Of the value only that segment is kept, so the rest of it cannot leak.
 *
 * @param name of the value, its first {@value Evidence#NAME} bytes; bytes that are not printable ASCII as {@code \xHH}; empty where it has none
 * @param segment of the value's canonical text, its first {@value Evidence#SEGMENT} bytes, written likewise
 * @param score in lexicon steps, the bar of the place taken off
 */
public record Reason(Channel channel, Place place, String name, String segment, int score) {
    private static final Pattern TEXT = Pattern.compile("(\\w+) (\\w+) (\\S+): (.*)", Pattern.DOTALL);

    /** As audit lines have it: channel, place, name ("-" where there is none) and segment, as in {@code sqli query id: ' union select}. */
    public String text() {
        return channel.word() + ' ' + place.word() + ' ' + (name.isEmpty() ? "-" : name.replace(" ", "\\x20")) + ": "
                + segment;
    }

    /** What {@link #text} wrote, with a score of 0; null for other text. */
    public static @Nullable Reason parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        for (Channel channel : Channel.values()) {
            for (Place place : Place.values()) {
                if (channel.word().equals(parts.group(1)) && place.word().equals(parts.group(2))) {
                    String name =
                            parts.group(3).equals("-") ? "" : parts.group(3).replace("\\x20", " ");
                    return new Reason(channel, place, name, parts.group(4), 0);
                }
            }
        }
        return null;
    }

    /** A name as reasons have it: its first {@value Evidence#NAME} bytes. */
    public static String name(byte[] bytes, int from, int to) {
        return printable(bytes, from, Math.min(to, from + Evidence.NAME));
    }

    static String printable(byte[] bytes, int from, int to) {
        var text = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b >= ' ' && b < 0x7f) {
                text.append((char) b);
            } else {
                text.append("\\x").append(HexFormat.of().toHexDigits(b));
            }
        }
        return text.toString();
    }
}
