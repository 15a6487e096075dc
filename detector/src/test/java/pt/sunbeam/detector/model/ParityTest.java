package pt.sunbeam.detector.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import pt.sunbeam.codegen.Codegen;
import pt.sunbeam.codegen.ModelFile;
import pt.sunbeam.codegen.Vectors;
import pt.sunbeam.codegen.Verdict;

/** The committed models give the same bits however they are computed. */
class ParityTest {
    private static final Path ROOT = Path.of("..");

    @ParameterizedTest
    @MethodSource("models")
    void compiledModelsGiveTheResultsOfTheCommittedVectors(Classifier compiled) throws IOException {
        var model = read(compiled.name()).model();
        var text = Files.readString(Path.of("src/test/resources/vectors", compiled.name() + ".txt"));
        var vectors = Vectors.read(text, model.features());
        assertThat(vectors.sha256()).isEqualTo(compiled.sha256());
        assertThat(vectors.cases()).hasSize(10_000);
        for (var one : vectors.cases()) {
            var scratch = new Scratch(compiled.features());
            var raw = one.raw().stream().mapToInt(x -> x).toArray();
            var judgement = compiled.judge(raw, scratch, compiled.logitOf(0.5));
            assertThat(scratch.quantised).containsExactly(one.quantised().toArray(Byte[]::new));
            assertThat(judgement).isEqualTo(Agreement.expected(one.tree(), one.verdict() == Verdict.BLOCK));
            if (one.tree() == Verdict.DEFER) {
                assertThat(scratch.logit()).isEqualTo(one.logit());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void allComputationsOfAModelAgreeOnAHundredThousandRandomInputs(Classifier compiled) throws IOException {
        var loaded = read(compiled.name());
        assertThat(compiled.sha256()).isEqualTo(loaded.sha256());
        Agreement.check(loaded.model(), compiled, 100_000);
    }

    private static Stream<Arguments> models() {
        return Stream.of(Models.scannerBaseline(), Models.ddos(), Models.ddosBaseline())
                .map(model -> Arguments.argumentSet(model.name(), model));
    }

    private static ModelFile.Loaded read(String name) throws IOException {
        return (ModelFile.Loaded)
                ModelFile.read(Files.readAllBytes(ROOT.resolve(Codegen.MODELS).resolve(name + ".model")));
    }
}
