package pt.sunbeam.detector.evasion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.lexicon.Channel;

/** What an attacker may try on 1,000 blocked requests: how many of them pass after one step. */
class EvasionTest {
    private static final int SEEDS = 1_000;

    private static final List<Channel> CHANNELS = List.of(Channel.values());
    private static final List<Seed> BLOCKED = new ArrayList<>();
    private static int tried;

    record Seed(Channel channel, String value) {}

    /** One way to say the same thing otherwise. */
    @FunctionalInterface
    interface Step {
        boolean blocks(Target target, Seed seed, RandomGenerator random);
    }

    @BeforeAll
    static void seeds() {
        var random = new SplittableRandom(4);
        var grammar = new AttackGrammar(random);
        var target = new Target();
        while (BLOCKED.size() < SEEDS && tried < 20 * SEEDS) {
            Channel channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
            String value = grammar.attack(channel);
            tried++;
            if (target.blocks(value)) {
                BLOCKED.add(new Seed(channel, value));
            }
        }
    }

    @Test
    void thereAreSeedsOfEveryFamily() {
        assertThat(BLOCKED).hasSize(SEEDS);
        assertThat(BLOCKED.stream().map(Seed::channel).distinct()).containsExactlyInAnyOrderElementsOf(CHANNELS);
        System.out.printf("evasion: %d of %d attacks of the grammar are blocked as they stand%n", SEEDS, tried);
    }

    @Test
    void noHeaderWithoutPayloadLetsAnyPass() {
        var target = new Target();
        var random = new SplittableRandom(5);
        for (Seed seed : BLOCKED) {
            for (RequestHead head : List.of(
                    RequestHead.of("GET", Target.query(seed.value).target()),
                    Target.query(seed.value, "User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"),
                    Target.query(seed.value, "Cookie", "sid=" + Long.toHexString(random.nextLong())),
                    Target.query(seed.value, "Referer", "https://shop.example/", "Accept-Language", "en"),
                    Target.query(seed.value, "X-Forwarded-For", "10.0.0.1", "X-Requested-With", "XMLHttpRequest"),
                    Target.query(seed.value, "Authorization", "Bearer " + Long.toHexString(random.nextLong())),
                    Target.query(seed.value, "Content-Type", "application/json", "DNT", "1"))) {
                assertThat(target.blocks(head)).as("%s with %s", seed, head).isTrue();
            }
        }
    }

    static Stream<Arguments> steps() {
        return Stream.of(
                step(
                        "benign text before it",
                        (target, seed, random) -> target.blocks(prose(random, 20) + " " + seed.value)),
                step(
                        "benign text behind it",
                        (target, seed, random) -> target.blocks(seed.value + " " + prose(random, 20))),
                step(
                        "64 KiB of benign form before it",
                        (target, seed, random) -> form(
                                target,
                                "note=" + prose(random, 10_000).replace(' ', '+') + "&q="
                                        + Target.percent(seed.value))),
                step(
                        "64 KiB of benign JSON text around it",
                        (target, seed, random) ->
                                json(target, prose(random, 5_000) + " " + seed.value + " " + prose(random, 5_000))),
                step("random case", (target, seed, random) -> target.blocks(randomCase(seed.value, random))),
                step(
                        "comments for spaces",
                        (target, seed, _) ->
                                seed.channel != Channel.SQLI || target.blocks(seed.value.replace(" ", "/**/"))),
                step("tabs for spaces", (target, seed, _) -> target.blocks(seed.value.replace(' ', '\t'))),
                step("line ends for spaces", (target, seed, _) -> target.blocks(seed.value.replace(" ", "\r\n"))),
                step(
                        "plus signs for spaces",
                        (target, seed, _) -> target.blocks(Target.head(
                                "GET", "/search?q=" + Target.percent(seed.value).replace("%20", "+")))),
                step("many spaces", (target, seed, _) -> target.blocks(seed.value.replace(" ", "     "))),
                step("encoded twice", (target, seed, _) -> target.blocks(Target.percent(seed.value))),
                step(
                        "encoded three times",
                        (target, seed, _) -> target.blocks(Target.percent(Target.percent(seed.value)))),
                step(
                        "every character encoded",
                        (target, seed, _) -> target.blocks(Target.head("GET", "/search?q=" + all(seed.value, "%")))),
                step(
                        "encoded half and half",
                        (target, seed, random) ->
                                target.blocks(Target.head("GET", "/search?q=" + mixed(seed.value, random)))),
                step(
                        "as HTML entities",
                        (target, seed, _) -> seed.channel != Channel.XSS || target.blocks(entities(seed.value))),
                step("as JSON escapes", (target, seed, _) -> jsonRaw(target, all(seed.value, "\\u00"))),
                step(
                        "as %u escapes",
                        (target, seed, _) -> target.blocks(Target.head("GET", "/search?q=" + all(seed.value, "%u00")))),
                step(
                        "marks in overlong UTF-8",
                        (target, seed, _) -> target.blocks(Target.head("GET", "/search?q=" + overlong(seed.value)))),
                step("a NUL before it", (target, seed, _) -> target.blocks("\0" + seed.value)),
                step(
                        "in the second of two parameters of a name",
                        (target, seed, _) ->
                                target.blocks(Target.head("GET", "/search?q=shoes&q=" + Target.percent(seed.value)))),
                step(
                        "as one parameter of 500",
                        (target, seed, random) -> target.blocks(Target.head(
                                "GET",
                                "/search?" + parameters(random, 250) + "&q=" + Target.percent(seed.value) + "&"
                                        + parameters(random, 250)))),
                step(
                        "as the parameter's name",
                        (target, seed, _) ->
                                target.blocks(Target.head("GET", "/search?" + Target.percent(seed.value) + "=1"))),
                step("in a form", (target, seed, _) -> form(target, "a=1&q=" + Target.percent(seed.value))),
                step("in JSON", (target, seed, _) -> json(target, seed.value)),
                step(
                        "in a cookie",
                        (target, seed, _) -> target.blocks(
                                Target.head("GET", "/", "Cookie", "sid=1; q=" + Target.percent(seed.value)))),
                step(
                        "in the path",
                        (target, seed, _) ->
                                target.blocks(Target.head("GET", "/items/" + Target.percent(seed.value) + "/view"))),
                step(
                        "in a header",
                        (target, seed, _) ->
                                target.blocks(Target.head("GET", "/", "X-Query", seed.value.replace("\r\n", " ")))),
                step(
                        "a form in chunks of 7 bytes",
                        (target, seed, _) -> target.blocks(
                                Target.head("POST", "/", "Content-Type", "application/x-www-form-urlencoded"),
                                "a=1&q=" + Target.percent(seed.value),
                                7)));
    }

    private static Arguments step(String name, Step step) {
        return Arguments.of(name, step);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("steps")
    void lessThanOneInAHundredEscapesByOneStep(String name, Step step) {
        var target = new Target();
        var random = new SplittableRandom(6);
        List<String> escaped = new ArrayList<>();
        for (Seed seed : BLOCKED) {
            if (!step.blocks(target, seed, random)) {
                escaped.add(seed.channel.word() + " " + seed.value);
            }
        }
        System.out.printf(
                "evasion: %s: %d of %d escape%s%n",
                name, escaped.size(), BLOCKED.size(), escaped.stream().limit(4).toList());
        assertThat(escaped).as(name).hasSizeLessThan(BLOCKED.size() / 100);
    }

    private static boolean form(Target target, String body) {
        return target.blocks(
                Target.head("POST", "/", "Content-Type", "application/x-www-form-urlencoded"), body, 8_192);
    }

    private static boolean json(Target target, String value) {
        return jsonRaw(
                target,
                value.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\r", "\\r")
                        .replace("\n", "\\n"));
    }

    private static boolean jsonRaw(Target target, String escaped) {
        return target.blocks(
                Target.head("POST", "/api", "Content-Type", "application/json"),
                "{\"id\":7,\"q\":\"" + escaped + "\",\"tags\":[\"a\"]}",
                8_192);
    }

    private static final List<String> WORDS = List.of(
            "the", "red", "shoes", "and", "a", "blue", "hat", "are", "in", "our", "summer", "sale", "until", "monday");

    private static String prose(RandomGenerator random, int words) {
        var text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(i == 0 ? "" : " ").append(WORDS.get(random.nextInt(WORDS.size())));
        }
        return text.toString();
    }

    private static String parameters(RandomGenerator random, int count) {
        var text = new StringBuilder("a0=1");
        for (int i = 1; i < count; i++) {
            text.append("&a").append(random.nextInt(1_000_000)).append('=').append(random.nextInt(100));
        }
        return text.toString();
    }

    private static String randomCase(String value, RandomGenerator random) {
        var text = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            text.append(random.nextBoolean() ? Character.toUpperCase(c) : c);
        }
        return text.toString();
    }

    private static String all(String value, String escape) {
        var text = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            text.append(escape).append(Target.hex(c));
        }
        return text.toString();
    }

    private static String mixed(String value, RandomGenerator random) {
        var text = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            String once = Target.percent(String.valueOf(c));
            text.append(
                    random.nextInt(3) == 0 ? Target.percent(once.startsWith("%") ? once : "%" + Target.hex(c)) : once);
        }
        return text.toString();
    }

    private static String entities(String value) {
        var text = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            text.append(Character.isLetterOrDigit(c) ? String.valueOf(c) : "&#x" + Target.hex(c) + ";");
        }
        return text.toString();
    }

    private static String overlong(String value) {
        var text = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x80 && "'\"<>/\\.;()=".indexOf(c) >= 0) {
                text.append("%%%02x%%%02x"
                        .formatted(0xc0 | c >> 6, 0x80 | (c & 0x3f))
                        .toLowerCase(Locale.ROOT));
            } else {
                text.append(Target.percent(String.valueOf(c)));
            }
        }
        return text.toString();
    }
}
