package pt.sunbeam.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Secrets that a test plants, each in one place, and the search for them in a log. */
final class Secrets {
    private static final Pattern ESCAPED = Pattern.compile("\\\\u([0-9a-fA-F]{4})|\\\\x([0-9a-fA-F]{2})|\\\\(.)");

    private final SplittableRandom random = new SplittableRandom(20_260_102);
    private final Map<String, String> byPlace = new LinkedHashMap<>();

    /** A secret of its own for a place, in one of the forms that secrets have. */
    String at(String place) {
        var bytes = new byte[24];
        random.nextBytes(bytes);
        String secret = switch (byPlace.size() % 4) {
            case 0 -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            case 1 -> HexFormat.of().formatHex(bytes);
            case 2 -> new UUID(random.nextLong(), random.nextLong()).toString();
            default ->
                Long.toString(random.nextLong(1L << 60, Long.MAX_VALUE), 36)
                        + Long.toString(random.nextLong(1L << 60, Long.MAX_VALUE), 36);
        };
        byPlace.put(place, secret);
        return secret;
    }

    int count() {
        return byPlace.size();
    }

    /** The places whose secrets a text shows: as they are, percent-encoded, escaped, in any case, or in base64 at any offset. */
    List<String> foundIn(String text) {
        var haystacks = new ArrayList<String>();
        String form = text;
        for (int i = 0; i < 4; i++) {
            haystacks.add(form.toLowerCase(Locale.ROOT));
            haystacks.add(unescaped(form).toLowerCase(Locale.ROOT));
            form = percentDecoded(form);
        }
        var found = new ArrayList<String>();
        byPlace.forEach((place, secret) -> {
            String wanted = secret.toLowerCase(Locale.ROOT);
            boolean shown = haystacks.stream().anyMatch(haystack -> haystack.contains(wanted))
                    || inBase64(secret).stream()
                            .anyMatch(encoded -> text.contains(encoded)
                                    || haystacks.get(1).contains(encoded.toLowerCase(Locale.ROOT)));
            if (shown) {
                found.add(place);
            }
        });
        return found;
    }

    /** What base64 makes of a secret that stands behind 0, 1 or 2 other bytes, without what depends on its neighbours. */
    private static List<String> inBase64(String secret) {
        var forms = new ArrayList<String>();
        for (int before = 0; before < 3; before++) {
            String encoded = Base64.getEncoder().encodeToString(("x".repeat(before) + secret).getBytes(UTF_8));
            int whole = encoded.replace("=", "").length() - 1;
            String inner = encoded.substring(before == 0 ? 0 : 4, Math.max(whole, 4));
            forms.add(inner);
            forms.add(inner.replace('+', '-').replace('/', '_'));
        }
        return forms;
    }

    private static String unescaped(String text) {
        return ESCAPED.matcher(text).replaceAll(found -> {
            String code = found.group(1) != null ? found.group(1) : found.group(2);
            String character = code == null ? found.group(3) : Character.toString((char) Integer.parseInt(code, 16));
            return Matcher.quoteReplacement(character);
        });
    }

    static String percentDecoded(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        var decoded = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            if (low < 0) {
                decoded.write(bytes[i]);
            } else {
                decoded.write(high << 4 | low);
                i += 2;
            }
        }
        return decoded.toString(ISO_8859_1);
    }

    static String percentEncoded(String text) {
        var encoded = new StringBuilder();
        for (byte b : text.getBytes(UTF_8)) {
            encoded.append('%').append(HexFormat.of().toHexDigits(b));
        }
        return encoded.toString();
    }
}
