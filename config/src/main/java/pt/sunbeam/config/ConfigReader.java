package pt.sunbeam.config;

import java.nio.file.Path;
import java.util.List;

/** Reads a configuration file, HOCON (.conf) or TOML (.toml), and gathers all faults. */
public final class ConfigReader {
    public sealed interface Outcome {}

    public record Loaded(SunbeamConfig config) implements Outcome {}

    /** One or more lines {@code file:line: full.key: found VALUE (expected: ...)}, in file order. */
    public record Rejected(List<String> faults) implements Outcome {}

    public static Outcome read(Path file) {
        throw new UnsupportedOperationException("stub");
    }

    /** Like {@link #read}, from text under a name that ends in .conf or .toml; for embedded defaults and tests. */
    public static Outcome readText(String name, String text) {
        throw new UnsupportedOperationException("stub");
    }

    private ConfigReader() {}
}
