package pt.sunbeam.codegen;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import pt.sunbeam.codegen.Model.Bar;
import pt.sunbeam.codegen.Model.Lexicon;

class LexiconFileTest {
    private static final String ENSEMBLE = "0123456789abcdef".repeat(4);
    private static final String TEXT = """
            sunbeam-lexicon 2
            name tiny
            ensemble %s
            channels sqli xss
            gate 60
            bars 2
            bar cookie 40
            bar header 0
            hash_bits 4
            slots 2
            slot 1 -5
            slot 15 127
            family_bits 3
            families 2
            family 0 3 0
            family 7 0 -128
            """.formatted(ENSEMBLE);

    private static final Lexicon LEXICON = new Lexicon(
            "tiny",
            ENSEMBLE,
            List.of("sqli", "xss"),
            60,
            List.of(new Bar("cookie", 40), new Bar("header", 0)),
            List.of(0, -5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 127),
            List.of(3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -128));

    @Test
    void aLexiconIsWrittenAsItsSlotsThatHaveAWeight() {
        assertThat(LexiconFile.write(LEXICON)).asString(US_ASCII).isEqualTo(new String(hashed(TEXT), US_ASCII));
        assertThat(LexiconFile.read(hashed(TEXT)))
                .isEqualTo(new LexiconFile.Loaded(LEXICON, ModelFile.sha256(TEXT.getBytes(US_ASCII))));
    }

    @Test
    void theLargestLexiconFitsIntoAFile() {
        int slots = 1 << LexiconChecks.MAX_HASH_BITS;
        var channels = IntStream.range(0, LexiconChecks.MAX_CHANNELS)
                .mapToObj(i -> "channel_" + i)
                .toList();
        var largest = new Lexicon(
                "largest",
                ENSEMBLE,
                channels,
                LexiconChecks.MAX_STEPS,
                List.of(),
                IntStream.range(0, slots).mapToObj(_ -> -128).toList(),
                IntStream.range(0, slots * channels.size()).mapToObj(_ -> -128).toList());
        assertThat(LexiconFile.read(LexiconFile.write(largest))).isInstanceOf(LexiconFile.Loaded.class);
    }

    @Test
    void aCorruptedFileIsRefusedWithBothHashes() {
        var stated = ModelFile.sha256(TEXT.getBytes(US_ASCII));
        var corrupted = new String(hashed(TEXT), US_ASCII).replace("slot 1 -5", "slot 1 -6");
        assertThat(reason(corrupted.getBytes(US_ASCII))).contains("corrupted", stated);
    }

    @ParameterizedTest(name = "{1} for {0}")
    @CsvSource(delimiter = '|', textBlock = """
            sunbeam-lexicon 2 | sunbeam-lexicon 1   | line 1: found "sunbeam-lexicon 1" (expected: sunbeam-lexicon 2)
            name tiny         | name Tiny           | found name Tiny
            ensemble 0123     | ensemble g123       | found ensemble g123
            channels sqli xss | channels sqli sqli  | found channel sqli again
            channels sqli xss | channels sqli Xss   | found channel Xss (expected: a snake_case word
            channels sqli xss | channels a b c d e f g h i | line 4: found "channels a b c d e f g h i"
            channels sqli xss | channels sqli       | line 15: found "family 0 3 0" (expected: at most 2 numbers)
            gate 60           | gate 0              | found gate 0 (expected: 1 to 1000000)
            gate 60           | gate 1000001        | found gate 1000001
            bars 2            | bars 33             | line 6: found "bars 33"
            bars 2            | bars 1              | line 8: found "bar header 0" (expected: hash_bits
            bar cookie 40     | bar cookie -1       | found bar -1 for cookie
            bar cookie 40     | bar cookie 40 1     | line 7: found "bar cookie 40 1" (expected: bar PLACE N)
            bar header 0      | bar cookie 0        | found place cookie again
            hash_bits 4       | hash_bits 17        | line 9: found "hash_bits 17" (expected: hash_bits and a number from 3 to 16)
            family_bits 3     | family_bits 2       | line 13: found "family_bits 2" (expected: family_bits and a number from 3 to 16)
            family_bits 3     | family_bits 5       | found 64 weights of families (expected: one for each of 2 channels in each slot, a power of two of slots, at most 16)
            slots 2           | slots 17            | line 10: found "slots 17"
            slots 2           | slots 3             | line 13: found "family_bits 3" (expected: slot N
            slots 2           | slots 1             | line 12: found "slot 15 127" (expected: family_bits
            families 2        | families 3          | line 17: found the hash
            families 2        | families 1          | line 16: found "family 7 0 -128" (expected: the hash)
            slot 1 -5         | slot 1              | line 11: found "slot 1"
            slot 1 -5         | slot 1 0            | line 11: found "slot 1 0"
            slot 1 -5         | slot 15 -5          | line 12: found "slot 15 127" (expected: slot N, above those before it
            slot 1 -5         | slot -1 -5          | line 11: found "slot -1 -5"
            slot 15 127       | slot 16 127         | line 12: found "slot 16 127"
            slot 15 127       | slot 15 128         | found weight 128 in slot 15 (expected: -128 to 127)
            family 0 3 0      | family 0 3          | line 15: found "family 0 3"
            family 0 3 0      | family 0 0 0        | line 15: found "family 0 0 0"
            family 7 0        | family 8 0          | line 16: found "family 8 0 -128"
            0 -128            | 0 -129              | found weight of a family -129 in slot 7
            """)
    void aFaultIsNamed(String in, String by, String reason) {
        assertThat(TEXT).contains(in);
        assertThat(reason(hashed(TEXT.replace(in, by)))).startsWith(reason);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whateverTheBytesAreTheReaderAnswersAndALexiconHasOneText(int seed) {
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 300; round++) {
            var bytes = TEXT.getBytes(US_ASCII);
            int edits = 1 + random.nextInt(3);
            for (int i = 0; i < edits; i++) {
                var alphabet = "0123456789- \nabcdefghijklmnopqrstuvwxyz_\u00e4";
                bytes[random.nextInt(bytes.length)] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
            }
            var file = hashed(new String(bytes, ISO_8859_1));
            if (LexiconFile.read(file) instanceof LexiconFile.Loaded(Lexicon lexicon, String _)) {
                assertThat(LexiconFile.write(lexicon)).isEqualTo(file);
            }
        }
    }

    @Test
    void anIllFormedLexiconIsNotWritten() {
        var broken = new Lexicon(
                "tiny", ENSEMBLE, List.of("sqli"), 60, List.of(), List.of(0, 0, 0, 0, 0, 0, 0, 1), LEXICON.families());
        assertThatThrownBy(() -> LexiconFile.write(broken))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found 16 weights of families (expected: one for each of 1 channels");
    }

    private static String reason(byte[] file) {
        return ((LexiconFile.Refused) LexiconFile.read(file)).reason();
    }

    private static byte[] hashed(String text) {
        return (text + "sha256 " + ModelFile.sha256(text.getBytes(ISO_8859_1)) + "\n").getBytes(ISO_8859_1);
    }

    private static Stream<Integer> seeds() {
        return IntStream.range(0, 12).boxed();
    }
}
