package pt.sunbeam.config;

import static org.assertj.core.api.Assertions.assertThat;
import static pt.sunbeam.config.Reading.faults;
import static pt.sunbeam.config.Reading.loaded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourcesTest {
    private static final String LISTEN = "listen.http = \"127.0.0.1:80\"\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void includesAreRelativeToTheFileThatIncludesAndMayBeToml() throws IOException {
        Files.createDirectories(folder.resolve("parts/deep"));
        write(
                "main.conf",
                LISTEN + "include \"parts/ddos.conf\"\ninclude required(file(\"parts/deep/scanner.toml\"))\n");
        write("parts/ddos.conf", "ddos { min_events = ${?MIN} }\ninclude \"deep/limits.conf\"\n");
        write("parts/deep/limits.conf", "limits.header_count = 7\n");
        write("parts/deep/scanner.toml", "[scanner]\nobserve_only = true\n");
        var config = loaded(ConfigReader.read(folder.resolve("main.conf"), Map.of("MIN", "3")));
        assertThat(config.ddos().enabled()).isTrue();
        assertThat(config.ddos().minEvents()).isEqualTo(3);
        assertThat(config.limits().headerCount()).isEqualTo(7);
        assertThat(config.scanner().observeOnly()).isTrue();
    }

    @Test
    void faultsNameTheIncludedFileAndComeAfterThoseOfTheFileThatIncludes() throws IOException {
        write("main.conf", LISTEN + "include \"more.conf\"\nlimits.header_count = 0\n");
        write("more.conf", "\nlimits { header_cont = 1 }\nupstream.retries = x\n");
        assertThat(faults(read("main.conf")))
                .containsExactly(
                        in("main.conf:3: limits.header_count: found 0 (expected: a whole number from 1 to 10000)"),
                        in(
                                "more.conf:2: limits.header_cont: found an unknown key (expected: did you mean limits.header_count?)"),
                        in("more.conf:3: upstream.retries: found \"x\" (expected: a whole number from 0 to 10)"));
    }

    @Test
    void anIncludeThatIsMissingIsAFault() throws IOException {
        write("main.conf", LISTEN + "\ninclude \"gone.conf\"\n");
        assertThat(faults(read("main.conf")))
                .containsExactly(in("gone.conf: found no such file (expected: a readable file, for ")
                        + in("main.conf:3 includes it)"));
    }

    @Test
    void aSyntaxFaultInEachIncludedFileIsReported() throws IOException {
        write("main.conf", "include \"first.conf\"\ninclude \"second.toml\"\n");
        write("first.conf", "ddos {");
        write("second.toml", "a = \n");
        assertThat(faults(read("main.conf")))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith(in("first.conf:1: syntax: ")),
                        second -> assertThat(second).startsWith(in("second.toml:1: syntax: ")));
    }

    @Test
    void filesThatIncludeEachOtherAreAFault() throws IOException {
        write("main.conf", LISTEN + "include \"more.conf\"\n");
        write("more.conf", "include \"main.conf\"\n");
        assertThat(faults(read("main.conf")))
                .containsExactly(
                        in("more.conf:1: include: found main.conf (expected: a file that does not include this one)"));
    }

    @Test
    void aWebOfIncludesEndsAtSixtyFourFiles() throws IOException {
        write("main.conf", LISTEN);
        for (int i = 0; i < 8; i++) {
            Files.writeString(folder.resolve("main.conf"), "include \"" + i + ".conf\"\n", StandardOpenOption.APPEND);
            var others = new StringBuilder();
            for (int j = 0; j < 8; j++) {
                others.append("include \"").append(j).append(".conf\"\n");
            }
            write(i + ".conf", others.toString());
        }
        assertThat(faults(read("main.conf"))).anyMatch(fault -> fault.endsWith("(expected: at most 64 files)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"url(\"http://127.0.0.1:1/x.conf\")", "classpath(\"reference.conf\")"})
    void onlyFilesAreIncluded(String what) throws IOException {
        write("main.conf", LISTEN + "include " + what + "\n");
        assertThat(faults(read("main.conf")))
                .singleElement()
                .asString()
                .startsWith(in("main.conf:2: include: found "))
                .endsWith("(expected: a file)");
    }

    @Test
    void aFileThatCannotBeReadIsAFault() throws IOException {
        Files.createDirectory(folder.resolve("folder.conf"));
        write("empty.toml", " \n\t\n");
        write("other.yaml", "listen: 1\n");
        write("large.conf", LISTEN + " ".repeat(1 << 20));
        assertThat(faults(read("gone.conf")))
                .containsExactly(in("gone.conf: found no such file (expected: a readable file)"));
        assertThat(faults(read("folder.conf")))
                .containsExactly(in("folder.conf: found a directory (expected: a readable file)"));
        assertThat(faults(read("empty.toml")))
                .containsExactly(in("empty.toml: found an empty file (expected: keys, at least listen.http)"));
        assertThat(faults(read("other.yaml")))
                .containsExactly(in("other.yaml: found a name of unknown ending"
                        + " (expected: a name that ends in .conf (HOCON) or .toml (TOML))"));
        assertThat(faults(read("large.conf")))
                .containsExactly(in("large.conf: found more than 1 MiB (expected: at most 1 MiB)"));
    }

    @Test
    void theFirstByteThatIsNoUtf8IsNamed() throws IOException {
        Files.write(folder.resolve("latin.conf"), (LISTEN + "# caf\u00e9\n").getBytes(StandardCharsets.ISO_8859_1));
        assertThat(faults(read("latin.conf")))
                .containsExactly(in("latin.conf:2: found byte 0xe9 at offset 34 (expected: UTF-8 text)"));
        Files.write(folder.resolve("cut.conf"), (LISTEN + "# \u00e9").getBytes(StandardCharsets.UTF_8));
        var cut = Files.readAllBytes(folder.resolve("cut.conf"));
        Files.write(folder.resolve("cut.conf"), Arrays.copyOf(cut, cut.length - 1));
        assertThat(faults(read("cut.conf"))).singleElement().asString().contains("found byte 0xc3");
    }

    @Test
    void aByteOrderMarkIsPassedOver() throws IOException {
        write("mark.conf", "\uFEFF" + LISTEN);
        write("mark.toml", "\uFEFF" + LISTEN);
        assertThat(loaded(read("mark.conf"))).isEqualTo(loaded(read("mark.toml")));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private ConfigReader.Outcome read(String name) {
        return ConfigReader.read(folder.resolve(name), Map.of());
    }

    private String in(String line) {
        return folder.resolve("x").getParent() + "/" + line;
    }
}
