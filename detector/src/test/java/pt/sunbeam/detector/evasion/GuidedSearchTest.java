package pt.sunbeam.detector.evasion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import pt.sunbeam.detector.lexicon.Channel;

/**
 * A search for ways to write an SQL injection that pass: mutations that keep its meaning, the least suspicious of each round kept (after Demetrio,
 * Valenza, Costa and Lagorio, "WAF-A-MoLE: Evading Web Application Firewalls through Adversarial Machine Learning", SAC 2020).
 */
class GuidedSearchTest {
    private static final int SEEDS = Integer.getInteger("sunbeam.evasion.seeds", 200);
    private static final int ROUNDS = 1_000;
    private static final Pattern NUMBER = Pattern.compile("\\b\\d+\\b");

    private static final List<BiFunction<String, RandomGenerator, String>> MUTATIONS = List.of(
            (text, random) -> at(text, random, Character::isLetter, c -> String.valueOf(swapCase(c))),
            (text, random) ->
                    at(text, random, c -> c == ' ', _ -> pick(random, "\t", "\n", "\u000b", "/**/", "  ", "\f")),
            (text, random) -> at(text, random, c -> c == ' ', _ -> "/*" + pick(random, "a", "foo", "1", "the") + "*/"),
            (text, random) -> NUMBER.matcher(text)
                    .replaceFirst(found -> pick(
                            random,
                            "0x" + Long.toHexString(Long.parseLong(found.group())),
                            "(select " + found.group() + ")")),
            (text, random) -> first(text, "(?i) or ", pick(random, " || ", "||", " xor ")),
            (text, random) -> first(text, "(?i) and ", pick(random, " && ", "&&")),
            (text, random) -> first(text, "=", pick(random, " like ", " = ", " rlike ")),
            (text, random) ->
                    first(text, "(?i)( or | and )", "$1" + pick(random, "true", "2<3", "'x'='x'", "not false") + "$1"),
            (text, random) -> text + pick(random, "", "a", " the red shoes", "#", "--"));

    @Test
    void fewEscapeAGuidedSearch() {
        var random = new SplittableRandom(7);
        var grammar = new AttackGrammar(random);
        var target = new Target();
        List<String> escaped = new ArrayList<>();
        int seeds = 0;
        while (seeds < SEEDS) {
            String seed = grammar.attack(Channel.SQLI);
            if (!target.blocks(seed)) {
                continue;
            }
            seeds++;
            String found = search(target, seed, random);
            if (found != null) {
                escaped.add(seed + "   as   " + found);
            }
        }
        System.out.printf(
                "evasion: guided search: %d of %d escape %s%n",
                escaped.size(), SEEDS, escaped.stream().limit(5).toList());
        // The aim is one in twenty; what holds now stands in docs/benchmarks.md and shall not get worse.
        assertThat(escaped.size()).isLessThan(SEEDS / 7);
    }

    private static @Nullable String search(Target target, String seed, RandomGenerator random) {
        String best = seed;
        target.blocks(seed);
        double least = target.suspicion();
        for (int round = 0; round < ROUNDS; round++) {
            String mutant = MUTATIONS.get(random.nextInt(MUTATIONS.size())).apply(best, random);
            if (mutant.length() > 2_000) {
                continue;
            }
            if (!target.blocks(mutant)) {
                return mutant;
            }
            double suspicion = target.suspicion();
            if (suspicion <= least) {
                least = suspicion;
                best = mutant;
            }
        }
        return null;
    }

    private static String pick(RandomGenerator random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static String first(String text, String pattern, String replacement) {
        return Pattern.compile(pattern).matcher(text).replaceFirst(replacement);
    }

    private static char swapCase(char c) {
        return Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c);
    }

    private interface CharTest {
        boolean test(char c);
    }

    private interface CharWriter {
        String write(char c);
    }

    /** Rewrites one of the characters that pass the test. */
    private static String at(String text, RandomGenerator random, CharTest test, CharWriter writer) {
        int start = random.nextInt(text.length());
        for (int i = 0; i < text.length(); i++) {
            int at = (start + i) % text.length();
            if (test.test(text.charAt(at))) {
                return text.substring(0, at) + writer.write(text.charAt(at)) + text.substring(at + 1);
            }
        }
        return text;
    }
}
