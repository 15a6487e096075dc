package pt.sunbeam.codegen;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Model.HiddenUnit;
import pt.sunbeam.codegen.Model.Mlp;
import pt.sunbeam.codegen.Model.Tree;

class ModelFileTest {
    private static final String TEXT = """
            sunbeam-model 2
            name tiny-model
            block_at -5
            steps_per_nat 20
            features 2
            feature depth
            unit path segments
            evidence yes
            cuts -1 0 7
            feature constant
            unit 1/1000
            evidence no
            cuts
            nodes 3
            split feature 0 threshold 1 left 1 right 2
            leaf allow
            leaf defer
            hidden_units 1
            shift 4
            output_bias -3
            hidden bias 12 output 90 weights 17 -40
            """;

    private static final Ensemble MODEL = new Ensemble(
            "tiny-model",
            List.of(
                    new Feature("depth", "path segments", true, List.of(-1, 0, 7)),
                    new Feature("constant", "1/1000", List.of())),
            new Tree(List.of(new Node.Split(0, 1, 1, 2), new Node.Leaf(Verdict.ALLOW), new Node.Leaf(Verdict.DEFER))),
            new Mlp(List.of(new HiddenUnit(12, List.of(17, -40), 90)), 4, -3),
            -5,
            20);

    @Test
    void aModelIsWrittenAsTextAndItsHash() {
        assertThat(ModelFile.write(MODEL)).asString(UTF_8).isEqualTo(new String(hashed(TEXT), UTF_8));
        assertThat(ModelFile.read(hashed(TEXT)))
                .isEqualTo(new ModelFile.Loaded(MODEL, ModelFile.sha256(TEXT.getBytes(UTF_8))));
    }

    @ParameterizedTest(name = "seed and size {0}")
    @MethodSource("smallFirst")
    void whatIsWrittenIsReadBack(int size) {
        var model = RandomModels.ensemble(size, 1 + size % 40, 1 + size * 7, 1 + size % 70);
        assertThat(ModelFile.read(ModelFile.write(model)))
                .isInstanceOfSatisfying(
                        ModelFile.Loaded.class,
                        loaded -> assertThat(loaded.model()).isEqualTo(model));
    }

    @Test
    void theLargestModelAllowedFitsIntoAFile() {
        var cuts = IntStream.range(0, ModelChecks.MAX_CUTS)
                .mapToObj(i -> i - 2_000_000_000)
                .toList();
        var weights =
                IntStream.range(0, ModelChecks.MAX_FEATURES).mapToObj(_ -> -128).toList();
        var largest = new Ensemble(
                "largest",
                IntStream.range(0, ModelChecks.MAX_FEATURES)
                        .mapToObj(i -> new Feature("f_" + i, "1", cuts))
                        .toList(),
                MODEL.tree(),
                new Mlp(
                        IntStream.range(0, ModelChecks.MAX_HIDDEN)
                                .mapToObj(_ -> new HiddenUnit(-2_000_000_000, weights, -128))
                                .toList(),
                        0,
                        0),
                0,
                1);
        assertThat(ModelFile.read(ModelFile.write(largest))).isInstanceOf(ModelFile.Loaded.class);
    }

    @Test
    void aCorruptedFileIsRefusedWithBothHashes() {
        var stated = ModelFile.sha256(TEXT.getBytes(UTF_8));
        var corrupted = new String(hashed(TEXT), UTF_8).replace("cuts -1 0 7", "cuts -1 0 8");
        var actual = ModelFile.sha256(TEXT.replace("cuts -1 0 7", "cuts -1 0 8").getBytes(UTF_8));
        assertThat(reason(corrupted.getBytes(UTF_8))).contains("corrupted", stated, actual);
    }

    @Test
    void anyChangedOrMissingByteIsNoticed() {
        var file = hashed(TEXT);
        for (int i = 0; i < file.length; i++) {
            var changed = file.clone();
            changed[i] ^= 1;
            assertThat(ModelFile.read(changed)).as("byte %d changed", i).isInstanceOf(ModelFile.Refused.class);
            assertThat(ModelFile.read(Arrays.copyOf(file, i)))
                    .as("cut off after %d bytes", i)
                    .isInstanceOf(ModelFile.Refused.class);
        }
    }

    @Test
    void lineEndsOfAnotherSystemAreRefused() {
        assertThat(reason(new String(hashed(TEXT), UTF_8).replace("\n", "\r\n").getBytes(UTF_8)))
                .startsWith("last line");
    }

    @Test
    void aFileOfManyMegabytesIsRefusedUnread() {
        assertThat(reason(new byte[ModelFile.MAX_BYTES + 1])).contains("4194305 bytes");
    }

    @ParameterizedTest(name = "{1} for {0}")
    @CsvSource(delimiter = '|', textBlock = """
            sunbeam-model 2        | sunbeam-model 1          | line 1: found "sunbeam-model 1" (expected: sunbeam-model 2)
            name tiny-model        | name Tiny                | line 1: model: found Tiny
            name tiny-model        | title tiny-model         | line 2: found "title tiny-model" (expected: name …)
            block_at -5            | block_at 2147483648      | line 3: found "block_at 2147483648" (expected: block_at and a whole number of 32 bits)
            block_at -5            | block_at -0              | line 3: found "block_at -0"
            block_at -5            | block_at 05              | line 3: found "block_at 05"
            block_at -5            | block_at  5              | line 3: found "block_at  5"
            steps_per_nat 20       | steps_per_nat 0          | line 1: model: found steps per nat 0
            features 2             | features 513             | line 5: found "features 513" (expected: features and a number from 1 to 512)
            features 2             | features 3               | line 14: found "nodes 3" (expected: feature …)
            features 2             | features 1               | line 10: found "feature constant" (expected: nodes …)
            feature constant       | feature depth            | line 10: feature 1: found depth again
            unit path segments     | unit  path segments      | line 6: feature 0: found  path segments
            cuts -1 0 7            | cuts -1 7 0              | line 6: feature 0: found cut 0 after 7
            cuts -1 0 7            | cuts -1 0 x              | line 9: found "cuts -1 0 x" (expected: cuts N…)
            evidence yes           | evidence maybe           | line 8: found "evidence maybe" (expected: evidence yes, or no)
            evidence yes           | cuts 1                   | line 8: found "cuts 1" (expected: evidence …)
            nodes 3                | nodes 4097               | line 14: found "nodes 4097"
            nodes 3                | nodes 2                  | line 17: found "leaf defer" (expected: hidden_units …)
            left 1 right 2         | left 1 right 3           | line 15: node 0: found child 3
            left 1 right 2         | left 0 right 2           | line 15: node 0: found child 0
            left 1 right 2         | left 1 right 1           | line 16: node 1: found 2 parents
            split feature 0        | split feature 2          | line 15: node 0: found feature 2
            threshold 1            | threshold 127            | line 15: node 0: found threshold 127
            leaf defer             | leaf maybe               | line 17: found "leaf maybe"
            hidden_units 1         | hidden_units 1025        | line 18: found "hidden_units 1025"
            hidden_units 1         | hidden_units 2           | line 22: found the hash (expected: more of the model)
            shift 4                | shift 25                 | line 18: mlp: found shift 25
            weights 17 -40         | weights 17 -129          | line 21: hidden unit 0: found weight -129
            weights 17 -40         | weights 17               | line 21: hidden unit 0: found 1 weights
            weights 17 -40         | weight 17 -40            | line 21: found "hidden bias 12 output 90 weight 17 -40"
            output 90              | output 128               | line 21: hidden unit 0: found output weight 128
            bias 12                | bias 2147483647          | line 21: hidden unit 0: found a sum of up to 2147490886
            leaf allow             | leaf block               | line 15: node 0: split on feature 0 has BLOCK on its left
            output 90              | output -90               | line 21: hidden unit 0: weight 17 of feature 0 against output weight -90
            output_bias -3         | output_bias -2147483648  | line 18: mlp: found a logit of up to 2147495078
            """)
    void aFaultIsNamedWithItsLine(String in, String by, String reason) {
        assertThat(TEXT).contains(in);
        assertThat(reason(hashed(TEXT.replace(in, by)))).startsWith(reason);
    }

    @Test
    void aLineTooManyIsRefused() {
        assertThat(reason(hashed(TEXT + "leaf allow\n")))
                .isEqualTo("line 22: found \"leaf allow\" (expected: the hash)");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("smallFirst")
    void whateverTheBytesAreTheReaderAnswersAndAModelHasOneText(int seed) {
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 300; round++) {
            var bytes = TEXT.getBytes(UTF_8);
            int edits = 1 + random.nextInt(3);
            for (int i = 0; i < edits; i++) {
                var alphabet = "0123456789- \nabcdefghijklmnopqrstuvwxyz_\u00e4";
                bytes[random.nextInt(bytes.length)] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
            }
            var file = hashed(new String(bytes, ISO_8859_1));
            if (ModelFile.read(file) instanceof ModelFile.Loaded(Ensemble model, String _)) {
                assertThat(ModelFile.write(model)).isEqualTo(file);
            }
        }
    }

    @Test
    void anIllFormedModelIsNotWritten() {
        var broken = new Ensemble(
                "broken", MODEL.features(), new Tree(List.of()), MODEL.mlp(), MODEL.blockAt(), MODEL.stepsPerNat());
        assertThatThrownBy(() -> ModelFile.write(broken))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TREE at model: found 0 nodes");
    }

    private static String reason(byte[] file) {
        return ((ModelFile.Refused) ModelFile.read(file)).reason();
    }

    private static byte[] hashed(String text) {
        return (text + "sha256 " + ModelFile.sha256(text.getBytes(ISO_8859_1)) + "\n").getBytes(ISO_8859_1);
    }

    private static Stream<Integer> smallFirst() {
        return IntStream.range(0, 12).boxed();
    }
}
