package pt.sunbeam.trainer.lexicon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.lexicon.Channel;
import pt.sunbeam.detector.lexicon.Lexicon;

class SegmentFitTest {
    private static final List<String> WORDS =
            List.of("apple", "search", "blue", "price", "house", "window", "garden", "cart", "train", "letter", "page");
    private static final SegmentFit.Settings SETTINGS = SegmentFit.Settings.STANDARD.withEpochs(8);

    private static final List<Channel> KINDS = List.of(Channel.SQLI, Channel.XSS, Channel.COMMAND);

    private final Texts texts = new Texts();
    private final TextReader reader = new TextReader(texts);

    @Test
    void aFitOnMadeTextsTellsOthersOfTheirKindApart() {
        var table = fit(attacks(1), benign(1));
        assertThat(share(table, attacks(2))).isGreaterThan(0.75);
        assertThat(share(table, benign(2))).isLessThan(0.02);
    }

    @Test
    void labelsDrawnByLotTeachNothing() {
        var all = new ArrayList<>(attacks(1));
        all.addAll(benign(1));
        Collections.shuffle(all, new Random(3));
        var table = fit(all.subList(0, all.size() / 2), all.subList(all.size() / 2, all.size()));
        assertThat(ranking(table, attacks(2), benign(2))).isBetween(0.35, 0.65);
        assertThat(ranking(fit(attacks(1), benign(1)), attacks(2), benign(2))).isGreaterThan(0.93);
    }

    @Test
    void noThreeTrigramsBlock() {
        for (byte weight : fit(attacks(1), benign(1))) {
            assertThat(3 * weight).isLessThan(SETTINGS.blockSteps());
        }
    }

    @Test
    void noRunOfOneOrTwoCharactersBlocksHoweverLong() {
        // Lists of digits are an attack here, so the fit would like to weigh them.
        var attacks = attacks(1);
        var random = new SplittableRandom(4);
        for (int i = 0; i < 1_000; i++) {
            attacks.add(number("0," + "1,0,".repeat(2 + random.nextInt(9)) + "1"));
        }
        var table = fit(attacks, benign(1));
        for (char one = '!'; one < 0x7f; one++) {
            for (char two = '!'; two <= one; two++) {
                if (one != '%' && one != '+' && two != '%' && two != '+') {
                    int run = number((Character.toString(one) + two).repeat(500));
                    assertThat(score(table, run)).as("%c%c".formatted(one, two)).isLessThan(SETTINGS.blockSteps());
                }
            }
        }
    }

    @Test
    void theMeanOfFitsLiesBetweenThem() {
        var examples = examples(attacks(1), benign(1));
        var settings = SETTINGS.withEpochs(2);
        var one = SegmentFit.fit(texts, examples, settings, Lexicon.HASH_BITS);
        var mean = SegmentFit.mean(texts, examples, settings, Lexicon.HASH_BITS, 3);
        assertThat(SegmentFit.mean(texts, examples, settings, Lexicon.HASH_BITS, 1))
                .isEqualTo(one);
        assertThat(mean).isNotEqualTo(one).isEqualTo(SegmentFit.mean(texts, examples, settings, Lexicon.HASH_BITS, 3));
        assertThat(ranking(mean, attacks(2), benign(2))).isGreaterThan(0.9);
    }

    @Test
    void aCoarserTableIsOfTheHighestBitsOfASlot() {
        int bits = Lexicon.FAMILY_BITS;
        var table = SegmentFit.fit(texts, examples(attacks(1), benign(1)), SETTINGS, bits);
        assertThat(table).hasSize(1 << bits);
        var spread = new byte[Lexicon.SLOTS];
        for (int slot = 0; slot < spread.length; slot++) {
            spread[slot] = table[Lexicon.familySlot(slot)];
        }
        assertThat(ranking(spread, attacks(2), benign(2))).isGreaterThan(0.9);
    }

    @Test
    void aFitIsTheSameEachTime() {
        assertThat(fit(attacks(1), benign(1))).isEqualTo(fit(attacks(1), benign(1)));
    }

    private byte[] fit(List<Integer> attacks, List<Integer> benign) {
        return SegmentFit.fit(texts, examples(attacks, benign), SETTINGS, Lexicon.HASH_BITS);
    }

    private List<Integer> attacks(long seed) {
        var grammar = new AttackGrammar(WORDS, seed);
        var numbers = new ArrayList<Integer>();
        for (int i = 0; i < 3_000; i++) {
            var text = grammar.next(KINDS.get(i % 3));
            if (text.length() > 12) {
                numbers.add(number(text));
            }
        }
        return numbers;
    }

    private List<Integer> benign(long seed) {
        var lookAlikes = new LookAlikes(WORDS, seed);
        var numbers = new ArrayList<Integer>();
        for (int i = 0; i < 3_000; i++) {
            var text = lookAlikes.next();
            if (text.length() > 4) {
                numbers.add(number(text));
            }
        }
        return numbers;
    }

    private int number(String text) {
        reader.read(Place.TEXT, text.getBytes(StandardCharsets.ISO_8859_1));
        return reader.numbers()[0];
    }

    private static Examples examples(List<Integer> attacks, List<Integer> benign) {
        var examples = new Examples();
        attacks.forEach(text -> examples.add(text, text, true, 1));
        benign.forEach(text -> examples.add(text, text, false, 1));
        return examples;
    }

    private double share(byte[] table, List<Integer> of) {
        return of.stream()
                        .filter(text -> score(table, text) >= SETTINGS.blockSteps())
                        .count()
                / (double) of.size();
    }

    /** How often an attack drawn at random scores higher than a benign text, ties counting half. */
    private double ranking(byte[] table, List<Integer> attacks, List<Integer> benign) {
        var random = new SplittableRandom(1);
        double won = 0;
        int draws = 20_000;
        for (int i = 0; i < draws; i++) {
            int attack = score(table, attacks.get(random.nextInt(attacks.size())));
            int other = score(table, benign.get(random.nextInt(benign.size())));
            won += attack > other ? 1 : attack == other ? 0.5 : 0;
        }
        return won / draws;
    }

    private int score(byte[] table, int text) {
        int sum = 0;
        int best = 0;
        for (int i = texts.from(text); i < texts.to(text); i++) {
            sum = Math.max(0, sum + table[texts.slots()[i]]);
            best = Math.max(best, sum);
        }
        return best;
    }
}
