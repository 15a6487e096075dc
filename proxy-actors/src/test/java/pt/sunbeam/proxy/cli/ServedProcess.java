package pt.sunbeam.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** {@code sunbeam serve} as a process of its own, as signals need it. */
final class ServedProcess implements AutoCloseable {
    private static final Pattern HTTP = Pattern.compile("Serving HTTP on 127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern ADMIN = Pattern.compile("Listening on 127\\.0\\.0\\.1:(\\d+) \\(admin\\.listen\\)");

    private final Process process;
    private final Path log;

    private ServedProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Returns once it serves. */
    static ServedProcess start(Path config, Path log, String... environment) throws Exception {
        var command = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of(System.getProperty("basedir", "."), "..", "jvm.options"),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "serve",
                "--config",
                config.toString()));
        for (int i = 0; i < environment.length; i += 2) {
            command.environment().put(environment[i], environment[i + 1]);
        }
        var process =
                command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        var served = new ServedProcess(process, log);
        served.port(HTTP);
        return served;
    }

    int httpPort() throws Exception {
        return port(HTTP);
    }

    int adminPort() throws Exception {
        return port(ADMIN);
    }

    private int port(Pattern line) throws Exception {
        return Integer.parseInt(await(line));
    }

    /** Waits for a line of the log; its first group. */
    String await(Pattern line) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            var text = log();
            var found = line.matcher(text);
            if (found.find()) {
                return found.groupCount() == 0 ? found.group() : found.group(1);
            }
            assertThat(process.isAlive() && System.nanoTime() < deadline)
                    .as(text)
                    .isTrue();
            Thread.sleep(20);
        }
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    void signal(String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Its exit code. */
    int waitFor() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
