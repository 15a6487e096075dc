package pt.sunbeam.proxy.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.ConfigReader;
import pt.sunbeam.config.SunbeamConfig;

/** Reads a configuration for a person at a terminal. */
final class ConfigFile {
    private ConfigFile() {}

    /** The configuration, or null after its faults were written, one a line. */
    static @Nullable SunbeamConfig read(Path file, PrintWriter err) {
        return switch (ConfigReader.read(file)) {
            case ConfigReader.Loaded(var config) -> config;
            case ConfigReader.Rejected(var faults) -> {
                report(file, faults, err);
                yield null;
            }
        };
    }

    static void report(Path file, List<String> faults, PrintWriter err) {
        faults.forEach(err::println);
        err.printf("%s: %d fault%s%n", file, faults.size(), faults.size() == 1 ? "" : "s");
    }
}
