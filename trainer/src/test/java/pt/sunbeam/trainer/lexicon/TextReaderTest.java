package pt.sunbeam.trainer.lexicon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.feature.ScanFeatures;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.lexicon.Channel;
import pt.sunbeam.detector.lexicon.Lexicon;
import pt.sunbeam.trainer.dataset.WireRequest;

/** What the fit sees of a request is what the detector will see of it. */
class TextReaderTest {
    private static final int COOKIE_BAR = 40;

    private final SplittableRandom random = new SplittableRandom(7);
    private final byte[] table = new byte[Lexicon.SLOTS];
    private final Texts texts = new Texts();
    private final TextReader reader = new TextReader(texts);

    @Test
    void theScoreOfItsTextsIsTheDetectorsOwn() {
        for (int i = 0; i < table.length; i++) {
            table[i] = (byte) random.nextInt(-60, 50);
        }
        var lexicon = new Lexicon(
                "0".repeat(64),
                "0".repeat(64),
                table,
                new byte[Lexicon.FAMILY_SLOTS * Channel.COUNT],
                100,
                Map.of(Place.COOKIE, COOKIE_BAR));
        var features = new Features(lexicon);
        int above = 0;
        for (int i = 0; i < 2_000; i++) {
            var request = request();
            reader.read(request);
            int expected = 0;
            int[] numbers = reader.numbers();
            for (int value = 0; value < numbers.length; value++) {
                boolean cookie = reader.places()[value] == Place.COOKIE;
                expected = Math.max(expected, score(numbers[value]) - (cookie ? COOKIE_BAR : 0));
            }
            assertThat(features.of(request)[ScanFeatures.ANY])
                    .as(request.head().toString())
                    .isEqualTo(expected);
            above += expected > 100 ? 1 : 0;
        }
        assertThat(above).isGreaterThan(500);
    }

    private WireRequest request() {
        var body = random.nextInt(3);
        var head = RequestHead.of(
                "POST",
                "/" + text(20, "abc/.%2e;-") + "?" + text(30, "ab=&%27+/*-x"),
                "Host",
                "h.example",
                "Cookie",
                "a=" + text(30, "abc =<%3c>'x/*") + "; b=2",
                "Content-Type",
                List.of("application/json", "application/x-www-form-urlencoded", "text/plain")
                        .get(body),
                "User-Agent",
                text(40, "abc ()/.;1"));
        int length = random.nextInt(10) == 0 ? 9_000 : 200;
        var content = body == 0
                ? "{\"a\":\"" + text(length, "ab'/*- <>.\\u").replace("\\", "\\\\") + "\",\"b\":[1,\"x'y\"]}"
                : text(length, "ab=&%27+/*-x<>' ");
        return new WireRequest(head, content.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String text(int length, String alphabet) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString().replace("?", "").strip();
    }

    private int score(int text) {
        int sum = 0;
        int best = 0;
        for (int i = texts.from(text); i < texts.to(text); i++) {
            sum = Math.max(0, sum + table[texts.slots()[i]]);
            best = Math.max(best, sum);
        }
        return best;
    }
}
