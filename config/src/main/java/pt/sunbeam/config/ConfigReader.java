package pt.sunbeam.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration file, HOCON (.conf) or TOML (.toml), and gathers all faults. It never throws for what a file
 * holds. A file is at most 1 MiB, and at most 64 files make up one configuration.
 */
public final class ConfigReader {
    public sealed interface Outcome {}

    public record Loaded(SunbeamConfig config) implements Outcome {}

    /** One or more lines {@code file:line: full.key: found VALUE (expected: ...)}, in file order. */
    public record Rejected(List<String> faults) implements Outcome {}

    /**
     * All that a proxy wants to know of a configuration file that it may have to read again.
     *
     * @param files that were read or asked for, included ones too, each with its {@link #digest}; where one changes, so may the outcome
     * @param resolved the whole tree as JSON, which {@link #readText} reads as {@code .conf}: with includes and substitutions filled in, and secrets as
     *     they are; null where the tree could not be made out
     * @param salvage what is left of a file all of whose faults are in single routes; else null
     */
    public record Examination(
            Outcome outcome,
            Map<Path, String> files,
            @Nullable String resolved,
            @Nullable Salvage salvage) {
        /** A digest of {@code resolved} in lower-case hex, empty where there is none. */
        public String sha256() {
            return resolved == null ? "" : Sha256.of(resolved);
        }

        /** {@code state_dir}, in so far as the file can be made out. */
        public @Nullable Path stateDir() {
            return switch (outcome) {
                case Loaded(var config) -> config.stateDir();
                case Rejected _ -> resolved == null ? null : stateDir(resolved);
            };
        }

        private static @Nullable Path stateDir(String resolved) {
            try {
                var tree = ConfigFactory.parseString(resolved);
                var path = tree.hasPath("state_dir") ? Path.of(tree.getString("state_dir")) : null;
                return path != null && path.isAbsolute() ? path : null;
            } catch (ConfigException | InvalidPathException malformed) {
                return null; // one of the faults
            }
        }
    }

    /**
     * A configuration without the routes that have faults.
     *
     * @param hostPrefixes of those routes, in lower case, as far as they are text
     */
    public record Salvage(SunbeamConfig config, Set<String> hostPrefixes) {
        /** With those of the routes that are missing here which an earlier configuration has. */
        public SunbeamConfig over(SunbeamConfig earlier) {
            var present = hostPrefixes(config);
            var routes = new ArrayList<>(config.routes());
            earlier.routes().stream()
                    .filter(route -> hostPrefixes.contains(route.hostPrefix()) && !present.contains(route.hostPrefix()))
                    .forEach(routes::add);
            return config.withRoutes(routes);
        }

        /** The routes that are missing here and in an earlier configuration. */
        public Set<String> lost(SunbeamConfig earlier) {
            var lost = new HashSet<>(hostPrefixes);
            lost.removeAll(hostPrefixes(over(earlier)));
            return Set.copyOf(lost);
        }

        private static Set<String> hostPrefixes(SunbeamConfig config) {
            return config.routes().stream().map(Route::hostPrefix).collect(Collectors.toSet());
        }
    }

    /** A digest of what a file holds now, empty where it cannot be read. */
    public static String digest(Path file) {
        return Sources.digest(file);
    }

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

    /** Like {@link #read(Path, Map)}, and tells more. */
    public static Examination examine(Path file, Map<String, String> environment) {
        return examine(sources -> sources.file(file), environment);
    }

    private static Outcome read(Function<Sources, ConfigObject> parse, Map<String, String> environment) {
        return examine(parse, environment).outcome();
    }

    private static Examination examine(Function<Sources, ConfigObject> parse, Map<String, String> environment) {
        var faults = new Faults();
        var sources = new Sources(faults);
        String resolved = null;
        Salvage salvage = null;
        try {
            var written = parse.apply(sources);
            // a file that cannot be parsed would only add faults about the keys that seem to be missing
            var tree = faults.isEmpty() ? Substitutions.resolve(written, environment, faults) : null;
            if (tree != null) {
                resolved = tree.render(ConfigRenderOptions.concise());
                var config = check(tree, faults);
                if (faults.isEmpty()) {
                    return new Examination(new Loaded(config), sources.digests(), resolved, null);
                }
                salvage = salvage(tree, faults.allIn("routes"));
            }
        } catch (StackOverflowError deep) {
            faults.add(new Place(0, 0), "found sections or lists nested too deep to read (expected: a few levels)");
        }
        return new Examination(new Rejected(faults.report(sources.names())), sources.digests(), resolved, salvage);
    }

    /** To be used only where there are no faults after. */
    private static SunbeamConfig check(ConfigObject tree, Faults faults) {
        Vocabulary.check(tree, faults);
        return SunbeamConfig.read(Section.root(tree, faults));
    }

    private static @Nullable Salvage salvage(ConfigObject tree, Set<Integer> broken) {
        if (broken.isEmpty() || !(tree.get("routes") instanceof ConfigList routes)) {
            return null;
        }
        var kept = new ArrayList<ConfigValue>();
        var hostPrefixes = new TreeSet<String>();
        for (int i = 0; i < routes.size(); i++) {
            if (!broken.contains(i)) {
                kept.add(routes.get(i));
            } else if (routes.get(i) instanceof ConfigObject route
                    && route.unwrapped().get("host_prefix") instanceof String text) {
                hostPrefixes.add(text.toLowerCase(Locale.ROOT));
            }
        }
        var rest =
                tree.withValue("routes", ConfigValueFactory.fromIterable(kept).withOrigin(routes.origin()));
        var faults = new Faults();
        var config = check(rest, faults);
        return faults.isEmpty() ? new Salvage(config, Set.copyOf(hostPrefixes)) : null;
    }

    private ConfigReader() {}
}
