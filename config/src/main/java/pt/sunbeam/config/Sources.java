package pt.sunbeam.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files that make up one configuration: the one asked for and those it includes, each parsed by its ending.
 * An include that cannot be read is a fault, though HOCON would pass over it: a missing file must not switch a detector off.
 */
final class Sources {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_FILES = 64;
    private static final ConfigObject NOTHING = ConfigFactory.empty().root();
    private static final Pattern PLACES = Pattern.compile("#\\d+: (\\d+: )?");

    private final List<String> names = new ArrayList<>();
    private final Map<Path, String> digests = new HashMap<>();
    private final Faults faults;

    Sources(Faults faults) {
        this.faults = faults;
    }

    /** The names of the files in reading order, which is what {@link Place} counts. */
    List<String> names() {
        return names;
    }

    /** The digest of each file's content, empty where it could not be read. */
    Map<Path, String> digests() {
        return Map.copyOf(digests);
    }

    ConfigObject file(Path file) {
        return file(file, null);
    }

    private ConfigObject file(Path path, @Nullable Source includedBy) {
        int file = open(path.toString());
        digests.put(path, "");
        var text = read(file, path, includedBy);
        return text == null ? NOTHING : parse(new Source(file, path, text, includedBy));
    }

    ConfigObject text(String name, String text) {
        return parse(new Source(open(name), Path.of(name), text, null));
    }

    private int open(String name) {
        names.add(name);
        return names.size() - 1;
    }

    private ConfigObject parse(Source source) {
        var text = source.text().startsWith("\uFEFF") ? source.text().substring(1) : source.text();
        if (text.isBlank()) {
            whole(source.file(), "an empty file", "keys, at least listen.http");
            return NOTHING;
        }
        var name = source.path().toString();
        if (name.endsWith(".toml")) {
            return TomlTree.parse(source.file(), text, faults);
        }
        if (name.endsWith(".conf")) {
            return hocon(source, text);
        }
        whole(source.file(), "a name of unknown ending", "a name that ends in .conf (HOCON) or .toml (TOML)");
        return NOTHING;
    }

    private ConfigObject hocon(Source source, String text) {
        try {
            return ConfigFactory.parseString(
                            text,
                            ConfigParseOptions.defaults()
                                    .setSyntax(ConfigSyntax.CONF)
                                    .setOriginDescription(Place.description(source.file()))
                                    .setIncluder(new Includes(source)))
                    .root();
        } catch (ConfigException malformed) {
            int line = malformed.origin() == null
                    ? 1
                    : Place.of(malformed.origin()).line();
            faults.add(
                    new Place(source.file(), line),
                    Shown.syntax(message(malformed), text.lines().toList(), line));
            return NOTHING;
        }
    }

    /** What the library says, without its places and its advice to try other syntaxes. */
    static String message(ConfigException fault) {
        var text = PLACES.matcher(Objects.toString(fault.getMessage())).replaceAll("");
        int advice = text.indexOf(" (if you");
        return advice < 0 ? text : text.substring(0, advice);
    }

    /** The text of a file, or null and a fault. */
    private @Nullable String read(int file, Path path, @Nullable Source includedBy) {
        var wanted = includedBy == null
                ? "a readable file"
                : "a readable file, for %s:%d includes it"
                        .formatted(names.get(includedBy.file()), includedBy.lineOf(path));
        if (Files.isDirectory(path)) {
            whole(file, "a directory", wanted);
            return null;
        }
        try (var in = Files.newInputStream(path)) {
            var bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                whole(file, "more than 1 MiB", "at most 1 MiB");
                return null;
            }
            digests.put(path, Sha256.of(bytes));
            return decode(file, bytes);
        } catch (NoSuchFileException missing) {
            whole(file, "no such file", wanted);
        } catch (AccessDeniedException denied) {
            whole(file, "permission denied", wanted);
        } catch (IOException unreadable) {
            whole(file, Objects.toString(unreadable.getMessage(), "a read error"), wanted);
        }
        return null;
    }

    /** As in {@link #digests}, of what the file holds now. */
    static String digest(Path file) {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(MAX_BYTES + 1);
            return bytes.length > MAX_BYTES ? "" : Sha256.of(bytes);
        } catch (IOException unreadable) {
            return "";
        }
    }

    private @Nullable String decode(int file, byte[] bytes) {
        var in = ByteBuffer.wrap(bytes);
        var out = CharBuffer.allocate(bytes.length);
        if (StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError()) {
            int line = 1 + (int) out.flip().chars().filter(c -> c == '\n').count();
            faults.add(
                    new Place(file, line),
                    "found byte 0x%02x at offset %d (expected: UTF-8 text)"
                            .formatted(bytes[in.position()], in.position()));
            return null;
        }
        return out.flip().toString();
    }

    private void whole(int file, String found, String expected) {
        faults.add(new Place(file, 0), "found %s (expected: %s)".formatted(found, expected));
    }

    private record Source(
            int file, Path path, String text, @Nullable Source includedBy) {
        boolean isOrComesFrom(Path other) {
            return path.normalize().equals(other.normalize())
                    || (includedBy != null && includedBy.isOrComesFrom(other));
        }

        /** The line that includes a file; the library does not tell. */
        int lineOf(Path included) {
            return lineOf(included.getFileName().toString());
        }

        int lineOf(String included) {
            var lines = text.lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).contains("include") && lines.get(i).contains(included)) {
                    return i + 1;
                }
            }
            return 1;
        }
    }

    /** Includes of files only, relative to the file that includes: nothing is fetched or taken from the program. */
    private final class Includes
            implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
        private final Source source;

        Includes(Source source) {
            this.source = source;
        }

        @Override
        public ConfigIncluder withFallback(ConfigIncluder fallback) {
            return this;
        }

        @Override
        public ConfigObject include(ConfigIncludeContext context, String what) {
            Path path;
            try {
                path = source.path().resolveSibling(what);
            } catch (InvalidPathException malformed) {
                return refuse(what, "the name of a file");
            }
            if (path.getFileName() == null) {
                return refuse(what, "the name of a file");
            }
            if (source.isOrComesFrom(path)) {
                return refuse(what, "a file that does not include this one");
            }
            if (names.size() >= MAX_FILES) {
                return refuse(what, "at most " + MAX_FILES + " files");
            }
            return file(path, source);
        }

        @Override
        public ConfigObject includeFile(ConfigIncludeContext context, File what) {
            return include(context, what.getPath());
        }

        @Override
        public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
            return refuse(what.toString(), "a file");
        }

        @Override
        public ConfigObject includeResources(ConfigIncludeContext context, String what) {
            return refuse(what, "a file");
        }

        private ConfigObject refuse(String what, String expected) {
            faults.add(
                    new Place(source.file(), source.lineOf(what)),
                    "include: found %s (expected: %s)".formatted(Shown.text(what), expected));
            return NOTHING;
        }
    }
}
