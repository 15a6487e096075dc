package pt.sunbeam.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static pt.sunbeam.config.Reading.faults;
import static pt.sunbeam.config.Reading.loaded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.config.ConfigReader.Examination;

/** What is known of a file beside its outcome. */
class ExaminationTest {
    @TempDir
    Path folder;

    private Examination examine(String text) throws IOException {
        return ConfigReader.examine(
                Files.writeString(folder.resolve("s.conf"), "listen.http = \"127.0.0.1:8080\"\n" + text),
                Map.of("DRAIN", "7 s"));
    }

    @Test
    void whatIsResolvedMeansTheSameWithoutTheFilesAndVariablesItCameFrom() throws IOException {
        Files.writeString(folder.resolve("more.conf"), "routes = [{ host_prefix = a, backend = \"http://a\" }]");
        var examined =
                examine("include \"more.conf\"\nshutdown.drain = ${DRAIN}\nscanner {}\naudit.keep_values = [\"${x}\"]");
        var again = ConfigReader.readText("again.conf", requireNonNull(examined.resolved()));
        assertThat(loaded(again)).isEqualTo(loaded(examined.outcome()));
        assertThat(loaded(again).routes()).hasSize(1);
        assertThat(examined.files())
                .containsOnlyKeys(folder.resolve("s.conf"), folder.resolve("more.conf"))
                .allSatisfy((file, digest) -> assertThat(digest).isEqualTo(ConfigReader.digest(file)));
    }

    @Test
    void aFileThatCannotBeReadIsOneToLookAt() throws IOException {
        var missing = folder.resolve("more.conf");
        assertThat(examine("include \"more.conf\"").files()).containsEntry(missing, "");
        assertThat(ConfigReader.digest(missing)).isEmpty();
    }

    @Test
    void theDigestFollowsTheMeaningAndNotTheText() throws IOException {
        var one = examine("ddos { threshold = 0.7, min_events = 5 }").sha256();
        assertThat(one).matches("[0-9a-f]{64}");
        assertThat(examine("# comment\nddos.min_events = 5\nddos.threshold = 0.7")
                        .sha256())
                .isEqualTo(one);
        assertThat(examine("ddos { threshold = 0.8, min_events = 5 }").sha256()).isNotEqualTo(one);
    }

    @Test
    void routesWithFaultsLeaveTheOthers() throws IOException {
        var examined = examine("""
                routes = [
                  { host_prefix = Shop, backend = "ftp://shop" }
                  { host_prefix = blog, backend = "http://blog" }
                  { host_prefix = docs, backend = "http://docs", paths = [{ prefix = x, backend = "http://x" }], nonsense = 1 }
                ]
                """);
        assertThat(faults(examined.outcome())).hasSize(3);
        var salvage = requireNonNull(examined.salvage());
        assertThat(salvage.hostPrefixes()).containsExactlyInAnyOrder("shop", "docs");
        assertThat(salvage.config().routes()).extracting(Route::hostPrefix).containsExactly("blog");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense = 1",
                "listen.http = x",
                "routes = 5",
                "routes = [{ host_prefix = a, backend = x }], ddos.threshold = 2",
                "routes = [{",
                "routes = [{ host_prefix = ${nothing}, backend = \"http://a\" }], scanner.mode = x"
            })
    void aFaultAnywhereElseLeavesNothing(String text) throws IOException {
        var examined = examine(text);
        assertThat(faults(examined.outcome())).isNotEmpty();
        assertThat(examined.salvage()).isNull();
    }

    @Test
    void theStateDirectoryIsKnownOfAFileWithFaultsThatCanBeParsed() throws IOException {
        assertThat(examine("state_dir = /var/lib/x").stateDir()).isEqualTo(Path.of("/var/lib/x"));
        assertThat(examine("state_dir = /var/lib/x\nnonsense = 1").stateDir()).isEqualTo(Path.of("/var/lib/x"));
        assertThat(examine("state_dir = x\nnonsense = 1").stateDir()).isNull();
        assertThat(examine("state_dir = /var/lib/x\n}").stateDir()).isNull();
    }
}
