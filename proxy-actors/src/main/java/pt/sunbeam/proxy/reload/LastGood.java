package pt.sunbeam.proxy.reload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pt.sunbeam.config.ConfigReader.Examination;

/**
 * The last configuration of a file that was taken over whole, kept over restarts: with includes and variables filled in, readable by its owner alone.
 *
 * <p>A state directory that cannot be written costs a warning, never the proxy.
 */
public final class LastGood {
    public static final String VARIABLE = "SUNBEAM_STATE_DIR";

    /** Set by systemd for units with StateDirectory=; a list with colons. */
    private static final String SYSTEMD = "STATE_DIRECTORY";

    private static final Logger log = LoggerFactory.getLogger(LastGood.class);

    private final Path kept;

    private LastGood(Path kept) {
        this.kept = kept;
    }

    /** Where the last good one of a file is kept, or null where nobody named a state directory. */
    public static @Nullable LastGood of(Path file, Examination examined, Map<String, String> environment) {
        Path directory = directory(examined, environment);
        if (directory == null) {
            return null;
        }
        // several proxies may share a directory
        var id = UUID.nameUUIDFromBytes(
                file.toAbsolutePath().normalize().toString().getBytes(UTF_8));
        return new LastGood(directory.resolve("last-good-" + id + ".conf"));
    }

    private static @Nullable Path directory(Examination examined, Map<String, String> environment) {
        var own = environment.getOrDefault(VARIABLE, "");
        var systemd = environment.getOrDefault(SYSTEMD, "");
        if (!own.isEmpty()) {
            return Path.of(own);
        }
        return systemd.isEmpty() ? examined.stateDir() : Path.of(systemd.split(":", -1)[0]);
    }

    Path path() {
        return kept;
    }

    /** The state directory. */
    @Nullable
    Path directory() {
        return kept.getParent();
    }

    /** What was kept, or null. */
    @Nullable
    String read() {
        try {
            return Files.readString(kept);
        } catch (NoSuchFileException none) {
            return null;
        } catch (IOException unreadable) {
            log.warn("The last good configuration cannot be read: {}", unreadable.toString());
            return null;
        }
    }

    /** Replaces what was kept, at once or not at all. */
    void keep(String resolved) {
        var next = kept.resolveSibling(kept.getFileName() + ".next");
        try {
            Files.createDirectories(kept.toAbsolutePath().getParent());
            Files.deleteIfExists(next);
            try (var out = FileChannel.open(
                    next,
                    EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                for (var bytes = ByteBuffer.wrap(resolved.getBytes(UTF_8)); bytes.hasRemaining(); ) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(next, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | UnsupportedOperationException failed) {
            log.warn("The configuration cannot be kept as the last good one: {}", failed.toString());
        }
    }
}
