package pt.sunbeam.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodegenTest {
    private static final Path MODEL = Path.of("detector/src/main/models/random-1.model");
    private static final Path JAVA = Path.of("detector/src/main/java/pt/sunbeam/detector/model/generated/Random1.java");
    private static final Path VECTORS = Path.of("detector/src/test/resources/vectors/random-1.txt");
    private static final Path LEAN = Path.of("lean4/Random1.lean");

    private static final Path LEXICON = Path.of("detector/src/main/models/random-1.lexicon");
    private static final Path LEXICON_JAVA =
            Path.of("detector/src/main/java/pt/sunbeam/detector/model/generated/Random1Lexicon.java");

    @TempDir
    Path root;

    @Test
    void aModelIsEmittedAsFourFilesAndAllComeBackFromTheModelFile() throws IOException {
        var model = RandomModels.ensemble(1, 14, 64, 32);
        Codegen.emit(model, root);
        assertThat(Codegen.files(model)).containsOnlyKeys(MODEL, JAVA, VECTORS, LEAN);
        assertThat(Files.size(root.resolve(VECTORS))).isLessThan(1_500_000);

        Files.delete(root.resolve(VECTORS));
        Files.writeString(root.resolve(JAVA), "edited by hand");
        Files.writeString(root.resolve(LEAN), "edited by hand");
        assertThat(Codegen.reEmit(root)).isEmpty();
        for (var file : Codegen.files(model).entrySet()) {
            assertThat(root.resolve(file.getKey())).hasBinaryContent(file.getValue());
        }
    }

    @Test
    void aCorruptedModelIsNamedAndTheOthersAreEmitted() throws IOException {
        Codegen.emit(RandomModels.ensemble(1, 3, 4, 2), root);
        Files.delete(root.resolve(JAVA));
        Files.writeString(root.resolve(Codegen.MODELS).resolve("broken.model"), "sunbeam-model 1\n");
        assertThat(Codegen.reEmit(root)).singleElement().asString().contains("broken.model: ");
        assertThat(root.resolve(JAVA)).exists();
    }

    @Test
    void aLexiconComesBackFromItsFileWhereItsEnsembleIsBesideIt() throws IOException {
        var model = RandomModels.ensemble(1, 14, 16, 4);
        var sha256 = ((ModelFile.Loaded) ModelFile.read(ModelFile.write(model))).sha256();
        var lexicon = RandomModels.lexicon(1, model.name(), sha256, List.of("sqli"), List.of(), 8, 6);
        Codegen.emit(model, lexicon, root);
        assertThat(Codegen.files(lexicon)).containsOnlyKeys(LEXICON, LEXICON_JAVA);

        Files.writeString(root.resolve(LEXICON_JAVA), "edited by hand");
        assertThat(Codegen.reEmit(root)).isEmpty();
        assertThat(root.resolve(LEXICON_JAVA))
                .hasBinaryContent(Codegen.files(lexicon).get(LEXICON_JAVA));

        Files.write(root.resolve(MODEL), ModelFile.write(RandomModels.ensemble(1, 14, 16, 5)));
        assertThat(Codegen.reEmit(root)).singleElement().asString().contains("random-1.lexicon: lexicon of", sha256);
        Files.delete(root.resolve(MODEL));
        assertThat(Codegen.reEmit(root)).singleElement().asString().contains("no random-1.model beside it");
    }

    @Test
    void aLexiconOfAnotherEnsembleIsNotEmitted() {
        var model = RandomModels.ensemble(1, 14, 16, 4);
        var lexicon = RandomModels.lexicon(1, model.name(), "0".repeat(64), List.of("sqli"), List.of(), 8, 6);
        assertThatThrownBy(() -> Codegen.emit(model, lexicon, root))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0".repeat(64));
        assertThat(root).isEmptyDirectory();
    }
}
