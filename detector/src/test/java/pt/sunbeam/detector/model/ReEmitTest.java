package pt.sunbeam.detector.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import pt.sunbeam.codegen.Codegen;
import pt.sunbeam.codegen.LexiconFile;
import pt.sunbeam.codegen.ModelFile;

/** What is generated from a committed model is what is committed. The tests of a module run in its folder. */
class ReEmitTest {
    private static final Path ROOT = Path.of("..");

    @ParameterizedTest
    @MethodSource("models")
    void generatedFilesAreThoseOfTheCommittedModel(Path model) throws IOException {
        var loaded = (ModelFile.Loaded) ModelFile.read(Files.readAllBytes(model));
        areCommitted(Codegen.files(loaded.model()));
    }

    @Test
    void generatedFilesAreThoseOfTheCommittedLexicons() throws IOException {
        for (var lexicon : files(".lexicon")) {
            var loaded = (LexiconFile.Loaded) LexiconFile.read(Files.readAllBytes(lexicon));
            areCommitted(Codegen.files(loaded.lexicon()));
        }
    }

    private static void areCommitted(Map<Path, byte[]> files) {
        for (var file : files.entrySet()) {
            assertThat(ROOT.resolve(file.getKey()))
                    .as("run: mvn -q -pl codegen process-classes exec:exec@re-emit")
                    .hasBinaryContent(file.getValue());
        }
    }

    @Test
    void everyGeneratedClassBelongsToACommittedFile() throws IOException {
        var generated = ROOT.resolve("detector/src/main/java/pt/sunbeam/detector/model/generated");
        try (var classes = Files.list(generated)) {
            assertThat(classes.filter(file -> !file.endsWith("package-info.java")))
                    .hasSize(models().size() + files(".lexicon").size());
        }
    }

    private static List<Path> models() throws IOException {
        return files(".model");
    }

    private static List<Path> files(String ending) throws IOException {
        try (var files = Files.list(ROOT.resolve(Codegen.MODELS))) {
            return files.filter(file -> file.toString().endsWith(ending)) // training records lie beside them
                    .sorted()
                    .toList();
        }
    }
}
