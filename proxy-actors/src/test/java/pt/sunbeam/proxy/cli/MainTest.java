package pt.sunbeam.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private static final String GOOD = """
            listen.http = "127.0.0.1:0"
            routes = [{ host_prefix = "shop", backend = "http://127.0.0.1:8080" }]
            """;

    @TempDir
    Path folder;

    private record Ran(int exit, String out, String err) {}

    @Test
    void helpNamesEveryCommandAndSucceeds() {
        var ran = run("--help");
        assertThat(ran.exit).isZero();
        assertThat(ran.out).contains("serve", "check-config", "demo", "replay", "explain", "SUNBEAM_CONFIG");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serve",
                "check-config",
                "demo",
                "replay",
                "explain",
                "reload",
                "status",
                "ban",
                "unban",
                "bans",
                "allow"
            })
    void everyCommandHasHelp(String command) {
        var ran = run(command, "--help");
        assertThat(ran.exit).isZero();
        assertThat(ran.out).startsWith("Usage: sunbeam " + command);
    }

    @Test
    void versionIsTheBuilds() {
        var ran = run("--version");
        assertThat(ran.exit).isZero();
        assertThat(ran.out).matches("sunbeam \\d+\\.\\d+\\.\\d+(-SNAPSHOT)? \\(Java \\d+.*\\)\\R");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "serv",
                "--no-such-option",
                "check-config",
                "serve --config",
                "demo --port x",
                "demo --port 65536",
                "replay",
                "replay --input x --min-events 0",
                "replay --input x --min-events 1001",
                "replay --input x --window-secs 3601",
                "replay --input x --window-secs soon",
                "replay --input x --threshold-ddos 1.5",
                "replay --input x --format json",
                "replay --input x --group office",
                "replay --input x --group office=192.0.2.1/24"
            })
    void badUsageExitsWith2AndSaysSoOnStandardError(String arguments) {
        var ran = run(arguments.isEmpty() ? new String[0] : arguments.split(" "));
        assertThat(ran.exit).isEqualTo(2);
        assertThat(ran.out).isEmpty();
        assertThat(ran.err).contains("sunbeam ");
    }

    @Test
    void checkConfigSaysOkAndExitsWith0() throws IOException {
        Path file = Files.writeString(folder.resolve("good.conf"), GOOD);
        var ran = run("check-config", file.toString());
        assertThat(ran).isEqualTo(new Ran(0, file + ": ok (1 route)" + System.lineSeparator(), ""));
    }

    @Test
    void checkConfigReportsEveryFaultAndExitsWith2() throws IOException {
        Path file = Files.writeString(folder.resolve("bad.conf"), GOOD + "tls.cert_path = x\nnonsense = 1\n");
        var ran = run("check-config", file.toString());
        assertThat(ran.exit).isEqualTo(2);
        assertThat(ran.out).isEmpty();
        assertThat(ran.err).contains("bad.conf:3", "bad.conf:4", "2 faults");
    }

    @Test
    void serveStartsNothingWithAConfigurationThatHasFaults() throws IOException {
        Path file = Files.writeString(folder.resolve("bad.conf"), GOOD + "nonsense = 1\n");
        var ran = run("serve", "--config", file.toString());
        assertThat(ran.exit).isEqualTo(2);
        assertThat(ran.err).contains("bad.conf:3", "1 fault", "nothing was started");
    }

    @Test
    void serveNamesAFileThatIsNotThere() {
        Path missing = folder.resolve("missing.conf");
        var ran = run("serve", "--config", missing.toString());
        assertThat(ran.exit).isEqualTo(2);
        assertThat(ran.err).contains(missing.toString());
    }

    @Test
    void serveReadsTheFileThatTheEnvironmentNames() {
        Path missing = folder.resolve("named.toml");
        var ran = run(Map.of("SUNBEAM_CONFIG", missing.toString()), "serve");
        assertThat(ran.exit).isEqualTo(2);
        assertThat(ran.err).contains(missing.toString());
    }

    @Test
    void logLevelsAreReadLikeDirectives() {
        assertThat(LogLevels.parse("")).isEmpty();
        assertThat(LogLevels.parse("debug")).containsExactly(Map.entry("ROOT", Level.DEBUG));
        assertThat(LogLevels.parse("warn, pt.sunbeam=trace,kamon=off"))
                .containsExactly(
                        Map.entry("ROOT", Level.WARN),
                        Map.entry("pt.sunbeam", Level.TRACE),
                        Map.entry("kamon", Level.OFF));
        assertThat(LogLevels.parse("loud,pt.sunbeam=debug")).containsExactly(Map.entry("pt.sunbeam", Level.DEBUG));
    }

    private static Ran run(String... arguments) {
        return run(Map.of(), arguments);
    }

    private static Ran run(Map<String, String> environment, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exit = Main.commandLine(environment, InputStream.nullInputStream())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Ran(exit, out.toString(), err.toString());
    }
}
