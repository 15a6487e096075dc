package pt.sunbeam.detector.canon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * What holds for any bytes; {@code -Dcanon.values=10000000} tries that many strings of each kind instead of 60,000.
 */
class CanonicaliserPropertyTest {
    private static final int VALUES = Integer.getInteger("canon.values", 60_000);

    private static final List<Place> PLACES = List.of(Place.values());
    private static final List<String> PIECES = List.of(
            "%",
            "%2",
            "%25",
            "%27",
            "%u0027",
            "%u",
            "&",
            "&#",
            "&#39",
            "&#x27;",
            "&#37;",
            "\\x26lt;",
            "&lt;",
            "&lt",
            "\\",
            "\\x27",
            "\\u0027",
            "\\u{",
            "}",
            ";",
            "#",
            "x",
            "u",
            "0",
            "00",
            "3",
            "9",
            "a",
            "A",
            "Z",
            " ",
            "  ",
            "\t",
            "\n",
            "\0",
            "\1",
            "+",
            "'",
            "\"",
            "`",
            "^",
            "$",
            "$IFS",
            "${IFS}",
            "/*",
            "*/",
            "/*!",
            "<!--",
            "-->",
            "--",
            "||",
            ".",
            "..",
            "/",
            "\u00c0\u00af",
            "\u00ef\u00bc\u009c",
            "\u00e2\u0080\u008b",
            "\u00ed\u00a0\u00bd",
            "\u00f0\u009f\u0098\u0080",
            "\u00c3",
            "\\ud83d",
            "\\ude00",
            "union",
            "select",
            "javascript",
            ":",
            "PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
            "' OR 1=1 -- ",
            "<script>alert(1)</script>",
            "../../etc/passwd",
            ";cat /etc/passwd",
            "${jndi:ldap://x}",
            "5f4dcc3b5aa765d61d8327deb882cf99");

    private final Canonicaliser canonicaliser = new Canonicaliser();

    @Test
    void randomBytesAreReadAlikeHoweverTheyAreCut() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < VALUES; i++) {
            byte[] value = new byte[random.nextInt(1 + i % 200)];
            random.nextBytes(value);
            check(value, random);
        }
    }

    @Test
    void mutatedAttacksAreReadAlikeHoweverTheyAreCut() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < VALUES; i++) {
            check(attack(random), random);
        }
    }

    @Test
    void theSecondReadingIsTheSameHoweverItIsCut() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < VALUES; i++) {
            byte[] value = attack(random);
            String whole = squeezed(value, List.of(value.length));
            List<Integer> ends = cuts(value.length, random);
            ends.add(value.length);
            if (!squeezed(value, ends).equals(whole)) {
                throw failure("second reading", value, ends.toString());
            }
        }
    }

    @Test
    void aTextIsSqueezedIfThatChangesIt() {
        SplittableRandom random = new SplittableRandom(6);
        int changes = 0;
        for (int i = 0; i < VALUES; i++) {
            byte[] value = attack(random);
            String text =
                    Canonical.of(canonicaliser, Place.TEXT, value, List.of()).text();
            byte[] bytes = text.getBytes(ISO_8859_1);
            if (!text.equals(squeezed(bytes, List.of(bytes.length)))
                    && !text.contains("/*")
                    && !text.contains("<!--")) {
                changes++;
                if (!Squeezer.joins(bytes, bytes.length)) {
                    throw failure("joins", bytes, text);
                }
            }
        }
        assertThat(changes).isGreaterThan(VALUES / 50);
    }

    @Test
    void valuesOfManyPiecesAreReadAlike() {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < Math.max(20, VALUES / 3_000); i++) {
            ByteArrayOutputStream value = new ByteArrayOutputStream();
            while (value.size() < 5 * Canonicaliser.CHUNK) {
                value.writeBytes(attack(random));
            }
            check(value.toByteArray(), random);
        }
    }

    private void check(byte[] value, SplittableRandom random) {
        Place place = PLACES.get(random.nextInt(PLACES.size()));
        Canonical whole = Canonical.of(canonicaliser, place, value, List.of());
        List<Integer> cuts = cuts(value.length, random);
        Canonical pieces = Canonical.of(canonicaliser, place, value, cuts);
        if (!pieces.text().equals(whole.text())
                || pieces.rounds() != whole.rounds()
                || !pieces.anomalies().equals(whole.anomalies())) {
            throw failure("pieces in " + place, value, cuts + " gave " + pieces + " not " + whole);
        }
        String text = whole.text();
        if (text.length() > value.length || !isFolded(text)) {
            throw failure("text", value, text);
        }
        String second = whole.second();
        if (second != null && (second.length() > value.length || !isFolded(second))) {
            throw failure("second reading", value, second);
        }
        Canonical padded = Canonical.of(canonicaliser, place, padded(value), List.of());
        if (!padded.text().contains(text.strip())) {
            throw failure("padding", value, padded.text() + " has not " + text);
        }
        if (second != null && value.length < Canonicaliser.CHUNK) {
            String paddedSecond = padded.second();
            if (paddedSecond == null || !paddedSecond.contains(second.strip())) {
                throw failure("padding", value, paddedSecond + " has not " + second);
            }
        }
    }

    private static AssertionError failure(String what, byte[] value, String detail) {
        return new AssertionError("%s of %s (%s): %s"
                .formatted(what, HexFormat.of().formatHex(value), new String(value, ISO_8859_1), detail));
    }

    private static byte[] padded(byte[] value) {
        ByteArrayOutputStream padded = new ByteArrayOutputStream();
        padded.writeBytes("some words ".getBytes(ISO_8859_1));
        padded.writeBytes(value);
        padded.writeBytes(" and more".getBytes(ISO_8859_1));
        return padded.toByteArray();
    }

    private static boolean isFolded(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 0x7f || (c >= 'A' && c <= 'Z') || (c == ' ' && i > 0 && text.charAt(i - 1) == ' ')) {
                return false;
            }
        }
        return true;
    }

    private static byte[] attack(SplittableRandom random) {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        for (int pieces = random.nextInt(16); pieces >= 0; pieces--) {
            byte[] piece = PIECES.get(random.nextInt(PIECES.size()))
                    .getBytes(ISO_8859_1)
                    .clone();
            if (random.nextInt(8) == 0) {
                piece[random.nextInt(piece.length)] = (byte) random.nextInt(256);
            }
            boolean escape = random.nextInt(4) == 0;
            for (byte b : piece) {
                value.writeBytes((escape ? "%%%02x".formatted(b & 0xff) : String.valueOf((char) (b & 0xff)))
                        .getBytes(ISO_8859_1));
            }
        }
        return value.toByteArray();
    }

    private static List<Integer> cuts(int length, SplittableRandom random) {
        List<Integer> cuts = new ArrayList<>();
        int step = 1 + random.nextInt(1 + length / 2);
        for (int cut = random.nextInt(1 + step); cut < length; cut += 1 + random.nextInt(step)) {
            cuts.add(cut);
        }
        return cuts;
    }

    private static String squeezed(byte[] value, List<Integer> ends) {
        Squeezer squeezer = new Squeezer();
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (int end : ends) {
            squeezer.squeeze(value, from, end, CharacterTable.PLAIN, end == value.length);
            text.append(new String(squeezer.bytes(), 0, squeezer.length(), ISO_8859_1));
            from = end;
        }
        return text.toString();
    }

    @Test
    void theStringsTriedHoldEachKindOfAnomaly() {
        SplittableRandom random = new SplittableRandom(5);
        Set<Anomaly> found = EnumSet.noneOf(Anomaly.class);
        for (int i = 0; i < 20_000; i++) {
            found.addAll(Canonical.of(canonicaliser, Place.PATH, attack(random), List.of())
                    .anomalies());
        }
        assertThat(found)
                .contains(
                        Anomaly.INVALID_ESCAPE,
                        Anomaly.OVERLONG,
                        Anomaly.NUL,
                        Anomaly.CONTROL,
                        Anomaly.LONE_SURROGATE,
                        Anomaly.MIXED,
                        Anomaly.ABOVE_ROOT);
    }
}
