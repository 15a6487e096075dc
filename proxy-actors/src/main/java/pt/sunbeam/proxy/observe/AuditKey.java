package pt.sunbeam.proxy.observe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secret key of pseudonyms and of the hashes in audit lines: kept in the state directory, where there is one, so that they outlive a restart, readable by
 * its owner alone. A key that cannot be kept costs a warning, never the proxy.
 */
public final class AuditKey {
    public static final String FILE = "audit.key";

    private static final int BYTES = 32;
    private static final Logger log = LoggerFactory.getLogger(AuditKey.class);

    private AuditKey() {}

    /** The key that is kept; else a new one, which is kept where a directory is named. */
    public static byte[] of(@Nullable Path stateDirectory, SecureRandom random) {
        byte[] fresh = random.generateSeed(BYTES);
        if (stateDirectory == null) {
            return fresh;
        }
        Path file = stateDirectory.resolve(FILE);
        try {
            return read(file);
        } catch (NoSuchFileException none) {
            return keep(file, fresh);
        } catch (IOException unreadable) {
            return warned(file, unreadable, fresh);
        }
    }

    private static byte[] read(Path file) throws IOException {
        byte[] key = Files.readAllBytes(file);
        if (key.length != BYTES) {
            throw new IOException("%d bytes (expected: %d)".formatted(key.length, BYTES));
        }
        return key;
    }

    /** Under another name until it is whole: half a key would be one that cannot be read at any later start. */
    private static byte[] keep(Path file, byte[] fresh) {
        Path part = file.resolveSibling(FILE + "." + ProcessHandle.current().pid() + ".part");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.deleteIfExists(part);
            try (var out = FileChannel.open(
                    part,
                    EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                for (var bytes = ByteBuffer.wrap(fresh); bytes.hasRemaining(); ) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            return read(file); // another proxy that begins just now may have put its own there
        } catch (IOException | UnsupportedOperationException failed) {
            return warned(file, failed, fresh);
        }
    }

    private static byte[] warned(Path file, Exception why, byte[] fresh) {
        log.warn("Pseudonyms and hashes of the audit log end with this process: {}: {}", file, why.toString());
        return fresh;
    }
}
