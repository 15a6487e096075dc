package pt.sunbeam.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which configuration file to read: the one that {@code --config} names, else the one that {@code SUNBEAM_CONFIG}
 * names, else the first of two well-known places that exists. A file that was named is never passed over, even if it
 * does not exist: {@link ConfigReader} then says so.
 */
public final class ConfigPaths {
    public static final String VARIABLE = "SUNBEAM_CONFIG";

    private static final List<Path> WELL_KNOWN =
            List.of(Path.of("/etc/sunbeam/config.conf"), Path.of("/etc/sunbeam/config.toml"));

    public sealed interface Outcome {}

    public record Found(Path file) implements Outcome {}

    /** No file was named and none is in a well-known place. */
    public record Missing(List<Path> tried) implements Outcome {
        /** One line that names everything that was tried. */
        public String message() {
            var places = new StringBuilder("no configuration: --config is not given, " + VARIABLE + " is not set");
            tried.forEach(path -> places.append(", ").append(path).append(" does not exist"));
            return places.toString();
        }
    }

    /**
     * The file to read, or what was tried.
     *
     * @param option what {@code --config} names, or null
     * @param environment variables by name; an empty value counts as unset
     */
    public static Outcome find(@Nullable Path option, Map<String, String> environment, Predicate<Path> exists) {
        if (option != null) {
            return new Found(option);
        }
        var named = environment.getOrDefault(VARIABLE, "");
        if (!named.isEmpty()) {
            return new Found(Path.of(named));
        }
        return WELL_KNOWN.stream()
                .filter(exists)
                .findFirst()
                .<Outcome>map(Found::new)
                .orElseGet(() -> new Missing(WELL_KNOWN));
    }

    private ConfigPaths() {}
}
