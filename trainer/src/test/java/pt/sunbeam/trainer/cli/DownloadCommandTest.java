package pt.sunbeam.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import pt.sunbeam.trainer.download.Catalogue;
import pt.sunbeam.trainer.download.Catalogue.Item;
import pt.sunbeam.trainer.download.Catalogue.Part;
import pt.sunbeam.trainer.download.Catalogue.Source;

class DownloadCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void withoutANetworkEverySetHasItsLineNothingIsWrittenAndTheExitCodeIs1() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        assertThat(run(catalogue(port), "--output", folder.resolve("data").toString()))
                .isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "one: not fetched: no connection to 127.0.0.1:%d (no network, or nobody listens)"
                                .formatted(port),
                        "two: not fetched: no connection to 127.0.0.1:%d (no network, or nobody listens)"
                                .formatted(port));
        assertThat(out.toString()).contains("one: terms: MIT", "1 more sets cannot be fetched by this command");
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void theListTellsTermsAndFetchesNothing() {
        assertThat(run(catalogue(1), "--list")).isZero();
        assertThat(out.toString()).contains("one: about one", "terms: MIT", "by hand: ask them", "size:  0.0 MiB");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aSetThatIsFetchedByHandSaysSoWhenAskedFor() {
        assertThat(run(catalogue(1), "--only", "hand", "--output", folder.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).isEqualToIgnoringNewLines("hand: not fetched: to be fetched by hand: ask them");
    }

    @Test
    void anUnknownSetIsABadOption() {
        assertThat(run(catalogue(1), "--only", "three")).isEqualTo(2);
        assertThat(err.toString()).startsWith("--only: found three (expected: one of hand, one, two)");
    }

    @Test
    void theCacheFollowsTheXdgSpecification() {
        assertThat(DownloadCommand.cache(Map.of("XDG_CACHE_HOME", "/var/c"), "/home/u"))
                .isEqualTo(Path.of("/var/c/sunbeam/datasets"));
        assertThat(DownloadCommand.cache(Map.of("XDG_CACHE_HOME", "relative"), "/home/u"))
                .isEqualTo(Path.of("/home/u/.cache/sunbeam/datasets"));
        assertThat(DownloadCommand.cache(Map.of(), "/home/u")).isEqualTo(Path.of("/home/u/.cache/sunbeam/datasets"));
    }

    private static Catalogue catalogue(int port) {
        return new Catalogue(List.of(
                set("one", port),
                new Source("hand", "about hand", "GPL", URI.create("http://h"), "ask them", List.of()),
                set("two", port)));
    }

    private static Source set(String name, int port) {
        var file = new Item("f.txt", 7, "0".repeat(64));
        var part = new Part(URI.create("http://127.0.0.1:" + port + "/" + name), false, 7, List.of(file));
        return new Source(name, "about " + name, "MIT", URI.create("http://h"), null, List.of(part));
    }

    private int run(Catalogue catalogue, String... args) {
        return new CommandLine(new DownloadCommand(catalogue))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }
}
