package pt.sunbeam.detector.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pt.sunbeam.codegen.RandomModels;

/** Random models are emitted, compiled, run and compared. */
class GeneratedCodeTest {
    /** HotSpot does not compile longer methods. */
    private static final int HUGE_METHOD_LIMIT = 8_000;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0} features, {1} leaves, {2} hidden units")
    @CsvSource({"1, 1, 1", "2, 3, 1", "5, 16, 4", "12, 17, 31", "14, 256, 32", "14, 2000, 33", "300, 40, 100"})
    void aGeneratedClassJudgesLikeItsModel(int features, int leaves, int hidden) throws Exception {
        var model = RandomModels.ensemble(features + leaves, features, leaves, hidden);
        Agreement.check(model, CompiledModel.of(model, folder), 1_000);
        try (var files = Files.walk(folder)) {
            for (var file :
                    files.filter(path -> path.toString().endsWith(".class")).toList()) {
                treeMethodsAreShort(file);
            }
        }
    }

    private static void treeMethodsAreShort(Path file) throws IOException {
        for (var method : ClassFile.of().parse(file).methods()) {
            if (method.methodName().stringValue().matches("tree|node[0-9]+")) {
                assertThat(method.findAttribute(Attributes.code()).orElseThrow().codeLength())
                        .as(method.methodName().stringValue())
                        .isLessThan(HUGE_METHOD_LIMIT);
            }
        }
    }
}
