package pt.sunbeam.detector.lexicon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import pt.sunbeam.detector.model.generated.ScannerLexicon;

class SegmentScanTest {
    @Test
    void theScoreIsThatOfTheBestSegmentAndSaysWhereItStands() {
        var lexicon = new TestLexicon()
                .any("abc", 5)
                .any("bcd", 7)
                .any("zzz", -3)
                .family(Channel.XSS, "bcd", 9)
                .build();
        byte[] text = "abcdzzzabc".getBytes(ISO_8859_1);
        assertThat(score(lexicon, text)).isEqualTo(14); // abcd, less zzz, abc again
        var segment = new Segment();
        segment.find(lexicon, text, 0, text.length);
        assertThat(new String(text, segment.from(), segment.to() - segment.from(), ISO_8859_1))
                .isEqualTo("abcdzzzabc");
        segment.find(lexicon, Channel.XSS, text, 0, text.length);
        assertThat(segment.score()).isEqualTo(9);
        assertThat(new String(text, segment.from(), segment.to() - segment.from(), ISO_8859_1))
                .isEqualTo("bcd");
        segment.find(lexicon, Channel.SQLI, text, 0, text.length);
        assertThat(segment.score()).isZero();
        assertThat(segment.to()).isEqualTo(segment.from());
    }

    @Test
    void lettersOfEitherCaseAreOneSymbolAndDigitsAre() {
        var lexicon = new TestLexicon().any("a1'", 5).build();
        assertThat(score(lexicon, "A9'".getBytes(ISO_8859_1))).isEqualTo(5);
        assertThat(score(lexicon, "a9\"".getBytes(ISO_8859_1))).isZero();
        assertThat(score(lexicon, "a9".getBytes(ISO_8859_1))).isZero();
    }

    @Test
    void everySymbolIsUsedAndBytesBeyondAsciiShareOne() {
        assertThat(IntStream.range(0, 256)
                        .map(b -> Symbols.of((byte) b))
                        .distinct()
                        .sorted())
                .containsExactlyElementsOf(IntStream.range(0, 62).boxed().toList());
        assertThat(IntStream.range(128, 256).map(b -> Symbols.of((byte) b)).distinct())
                .hasSize(1);
    }

    @Test
    void eachSlotBelongsToFourTrigrams() {
        var counts = new int[Lexicon.SLOTS];
        for (int trigram = 0; trigram < 1 << 18; trigram++) {
            counts[Lexicon.slot(trigram >> 12, trigram >> 6 & 63, trigram & 63)]++;
        }
        assertThat(counts).containsOnly(4);
    }

    @Test
    void noRunOfOneOrTwoSymbolsAddsUpInTheShippedTable() {
        var shipped = ScannerLexicon.lexicon();
        for (int one = 0; one < Symbols.COUNT; one++) {
            for (int two = 0; two <= one; two++) {
                int round = shipped.any[Lexicon.slot(one, two, one)] + shipped.any[Lexicon.slot(two, one, two)];
                assertThat(round).as("symbols %d and %d", one, two).isNegative();
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theScoreIsTheLargestSumOfAnySegment(int seed) {
        var random = new SplittableRandom(seed);
        var lexicon = TestLexicon.random(seed);
        byte[] text = text(random, random.nextInt(60));
        int expected = 0;
        for (int from = 0; from < text.length; from++) {
            int sum = 0;
            for (int at = from; at + 2 < text.length; at++) {
                sum += lexicon.any[Lexicon.slot(text, at)];
                expected = Math.max(expected, sum);
            }
        }
        assertThat(score(lexicon, text)).isEqualTo(expected);
        var segment = new Segment();
        segment.find(lexicon, text, 0, text.length);
        assertThat(segment.score()).isEqualTo(expected);
        int found = 0;
        for (int at = segment.from(); at + 2 < segment.to(); at++) {
            found += lexicon.any[Lexicon.slot(text, at)];
        }
        assertThat(found).isEqualTo(expected);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void allChannelsAtOnceScoreAsEachByItself(int seed) {
        var random = new SplittableRandom(seed);
        var lexicon = TestLexicon.random(seed);
        byte[] text = text(random, random.nextInt(60));
        int from = random.nextInt(text.length + 1);
        int[] scores = new int[Channel.COUNT];
        ChannelScores.of(lexicon, text, from, text.length, scores);
        var segment = new Segment();
        for (var channel : Channel.values()) {
            segment.find(lexicon, channel, text, from, text.length);
            assertThat(scores[channel.index()]).as(channel.word()).isEqualTo(segment.score());
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void howTheTextIsCutMakesNoDifference(int seed) {
        var random = new SplittableRandom(seed);
        var lexicon = TestLexicon.random(seed);
        byte[] text = text(random, 200);
        var scan = new SegmentScan();
        scan.begin();
        int highest = 0;
        for (int at = 0; at < text.length; ) {
            int next = Math.min(text.length, at + random.nextInt(6));
            highest = Math.max(highest, scan.scan(lexicon, text, at, next));
            at = next;
        }
        assertThat(highest).isEqualTo(score(lexicon, text));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void paddingNeverLowersTheScore(int seed) {
        var random = new SplittableRandom(seed);
        var lexicon = TestLexicon.random(seed);
        byte[] padded = text(random, 80);
        int from = random.nextInt(80);
        int to = random.nextInt(from, 80);
        byte[] text = Arrays.copyOfRange(padded, from, to);
        assertThat(score(lexicon, padded)).isGreaterThanOrEqualTo(score(lexicon, text));
    }

    @Test
    void aTextOfGigabytesDoesNotOverflow() {
        var lexicon = new TestLexicon().any("aaa", 127).build();
        byte[] piece = new byte[1 << 20];
        Arrays.fill(piece, (byte) 'a');
        var scan = new SegmentScan();
        scan.begin();
        for (int i = 0; i < 64; i++) {
            assertThat(scan.scan(lexicon, piece, 0, piece.length)).isPositive();
        }
    }

    private static int score(Lexicon lexicon, byte[] text) {
        var scan = new SegmentScan();
        scan.begin();
        return scan.scan(lexicon, text, 0, text.length);
    }

    private static byte[] text(SplittableRandom random, int length) {
        byte[] text = new byte[length];
        random.nextBytes(text);
        return text;
    }

    private static Stream<Integer> seeds() {
        return IntStream.range(0, 100).boxed();
    }
}
