package pt.sunbeam.config;

import static org.assertj.core.api.Assertions.assertThat;
import static pt.sunbeam.config.Reading.faults;
import static pt.sunbeam.config.Reading.loaded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys, records, manual and examples say the same. */
class VocabularyTest {
    private static final Path DOCS = Path.of(System.getProperty("basedir", "."), "..", "docs");

    static Stream<String> built() {
        return keys(Vocabulary.Built.class);
    }

    static Stream<String> builtAndSections() {
        return Stream.concat(built(), keys(Vocabulary.Section.class));
    }

    private static Stream<String> keys(Class<? extends Vocabulary.Status> status) {
        return Vocabulary.keys().entrySet().stream()
                .filter(entry -> status.isInstance(entry.getValue()))
                .map(Map.Entry::getKey);
    }

    @ParameterizedTest
    @MethodSource("builtAndSections")
    void aKeyThatIsBuiltIsReadAndChecked(String key) {
        // no key takes a list in a list, so each one that is read complains
        assertThat(faults(ConfigReader.readText("s.conf", hocon(key, "[[1]]"))))
                .anySatisfy(fault -> assertThat(fault)
                        .contains(": " + key.replace("[]", "[0]"))
                        .contains("found a list"));
    }

    @ParameterizedTest
    @MethodSource("built")
    void aKeyThatIsBuiltIsInTheManualAndInBothExamples(String key) throws IOException {
        assertThat(Files.readString(DOCS.resolve("configuration.md"))).contains("| `" + inTheManual(key) + "` |");
        var name = key.substring(key.lastIndexOf('.') + 1);
        assertThat(Files.readString(DOCS.resolve("examples/sunbeam.conf"))).containsPattern("\\b" + name + " =");
        assertThat(Files.readString(DOCS.resolve("examples/sunbeam.toml"))).containsPattern("\\b" + name + " =");
    }

    @Test
    void theManualNamesNoKeyThatIsNotBuilt() throws IOException {
        var table = Files.readString(DOCS.resolve("configuration.md"))
                .lines()
                .filter(line -> line.matches("\\| `[a-z_.\\[\\]]+` \\|.*"))
                .map(line -> line.substring(3, line.indexOf('`', 3)));
        assertThat(table)
                .containsExactlyInAnyOrderElementsOf(
                        built().map(VocabularyTest::inTheManual).distinct().toList());
    }

    /** What routes and their paths have in common stands there once. */
    private static String inTheManual(String key) {
        var ofRoutes = key.replace("routes[].paths[].", "routes[].");
        return Vocabulary.keys().containsKey(ofRoutes) ? ofRoutes : key;
    }

    @Test
    void theExamplesInBothSyntaxesMeanTheSame() {
        var hocon = loaded(ConfigReader.read(DOCS.resolve("examples/sunbeam.conf"), Map.of()));
        var toml = loaded(ConfigReader.read(DOCS.resolve("examples/sunbeam.toml"), Map.of()));
        assertThat(hocon).isEqualTo(toml);
        assertThat(hocon.trustedProxies()).hasSize(2);
    }

    /** {@code a.b[].c} with a value, as HOCON. */
    private static String hocon(String key, String value) {
        int list = key.indexOf("[].");
        return list < 0
                ? key + " = " + value
                : key.substring(0, list) + " = [{ " + hocon(key.substring(list + 3), value) + " }]";
    }
}
