package pt.sunbeam.config;

import com.typesafe.config.ConfigObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads a configuration file, HOCON (.conf) or TOML (.toml), and gathers all faults. It never throws for what a file
 * holds. A file is at most 1 MiB, and at most 64 files make up one configuration.
 */
public final class ConfigReader {
    public sealed interface Outcome {}

    public record Loaded(SunbeamConfig config) implements Outcome {}

    /** One or more lines {@code file:line: full.key: found VALUE (expected: ...)}, in file order. */
    public record Rejected(List<String> faults) implements Outcome {}

    /** Reads with the variables of this process for {@code ${?VARIABLE}}. */
    public static Outcome read(Path file) {
        return read(file, System.getenv());
    }

    /** Reads with the given variables for {@code ${?VARIABLE}}. */
    public static Outcome read(Path file, Map<String, String> environment) {
        return read(sources -> sources.file(file), environment);
    }

    /** Like {@link #read}, from text under a name that ends in .conf or .toml; for embedded defaults and tests. */
    public static Outcome readText(String name, String text) {
        return read(sources -> sources.text(name, text), System.getenv());
    }

    private static Outcome read(Function<Sources, ConfigObject> parse, Map<String, String> environment) {
        var faults = new Faults();
        var sources = new Sources(faults);
        try {
            var written = parse.apply(sources);
            // a file that cannot be parsed would only add faults about the keys that seem to be missing
            var tree = faults.isEmpty() ? Substitutions.resolve(written, environment, faults) : null;
            if (tree != null) {
                Vocabulary.check(tree, faults);
                var config = SunbeamConfig.read(Section.root(tree, faults));
                if (faults.isEmpty()) {
                    return new Loaded(config);
                }
            }
        } catch (StackOverflowError deep) {
            faults.add(new Place(0, 0), "found sections or lists nested too deep to read (expected: a few levels)");
        }
        return new Rejected(faults.report(sources.names()));
    }

    private ConfigReader() {}
}
