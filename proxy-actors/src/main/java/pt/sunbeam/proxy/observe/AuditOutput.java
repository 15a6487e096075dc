package pt.sunbeam.proxy.observe;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.Audit.Rotation;

/**
 * Where audit lines go: a file that is put aside when it is full or its time is over, opened anew where somebody else renamed or removed it, and mended where
 * a line broke off; or standard output. Of the writing thread alone.
 *
 * <p>Bytes are counted as they are written; the file itself is looked at when {@link #look} is called.
 */
final class AuditOutput implements AutoCloseable {
    private static final long RETRY_ROTATION_MILLIS = 10_000;

    private final @Nullable Path path;
    private final Rotation rotation;
    private final InstantSource clock;
    private final Runnable onRotated;
    private WritableByteChannel channel;
    private @Nullable Object fileKey;
    private boolean regular;
    private long size;
    private long period; // of rotation.every: the one that the file belongs to
    private long noRotationUntil; // milliseconds since 1970
    private boolean lineBroken;

    private AuditOutput(
            @Nullable Path path,
            Rotation rotation,
            InstantSource clock,
            Runnable onRotated,
            WritableByteChannel channel) {
        this.path = path;
        this.rotation = rotation;
        this.clock = clock;
        this.onRotated = onRotated;
        this.channel = channel;
    }

    static AuditOutput standardOutput() {
        return to(new FileOutputStream(FileDescriptor.out).getChannel());
    }

    /** Without a file. */
    static AuditOutput to(WritableByteChannel channel) {
        return new AuditOutput(null, Rotation.NEVER, InstantSource.system(), () -> {}, channel);
    }

    /**
     * Creates the file and its parents where they are missing.
     *
     * @param onRotated called when a file was put aside
     */
    static AuditOutput file(Path path, Rotation rotation, InstantSource clock, Runnable onRotated) throws IOException {
        var output =
                new AuditOutput(path.toAbsolutePath(), rotation, clock, onRotated, openChannel(path.toAbsolutePath()));
        try {
            output.opened();
        } catch (IOException e) {
            output.channel.close();
            throw e;
        }
        return output;
    }

    boolean isFile() {
        return path != null;
    }

    /**
     * Writes whole lines. Throws where some of them may not have been written: {@code lines} then stands behind what was. A line that broke off is ended
     * before the next one is written.
     */
    void write(ByteBuffer lines) throws IOException {
        rotateWhereDue(lines.remaining());
        endBrokenLine();
        try {
            writeAll(lines);
        } catch (IOException e) {
            int written = lines.position();
            lineBroken = written > 0 && lines.get(written - 1) != '\n';
            throw e;
        }
    }

    private void endBrokenLine() throws IOException {
        if (lineBroken) {
            writeAll(ByteBuffer.wrap(new byte[] {'\n'}));
            lineBroken = false;
        }
    }

    /** So that files can be strung together; where the disk is full it stays to whoever reads them. */
    private void tryToEndBrokenLine() {
        try {
            endBrokenLine();
        } catch (IOException full) {
            AuditLog.log.debug("{} ends within a line", path, full);
        }
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            size += channel.write(bytes);
        }
    }

    private void rotateWhereDue(int more) {
        if (!regular || !rotation.isOn()) {
            return;
        }
        Instant now = clock.instant();
        long today = period(now);
        if (size == 0 || today < period) { // nothing to put aside, or a clock that went back
            period = today;
        }
        boolean due = today > period || (size > 0 && size + more > rotation.bytes());
        if (due && path != null && now.toEpochMilli() >= noRotationUntil) {
            rotate(path, now);
        }
    }

    /** A file that cannot be put aside is written to further, and so is one that has no successor. */
    private void rotate(Path path, Instant now) {
        try {
            if (isStillOpen(path)) {
                tryToEndBrokenLine();
                new RotatedFiles(path).putAside(now);
            }
            reopen();
            onRotated.run();
        } catch (IOException e) {
            noRotationUntil = now.toEpochMilli() + RETRY_ROTATION_MILLIS;
            AuditLog.log.warn("audit.path: {} cannot be put aside: {}", path, e.toString());
        }
    }

    /** Opens the file anew where it is no longer the one under its name. Throws where that is impossible. */
    void look() throws IOException {
        if (path == null) {
            return;
        }
        if (isStillOpen(path)) {
            size = regular ? Files.size(path) : 0; // others may write to it too
            rotateWhereDue(0);
        } else {
            reopen();
        }
    }

    /**
     * Opens the file anew. Where that is impossible the old one is kept, which its new name still shows; but where the directory has gone the file went with
     * it, and all that is written fails from then on.
     */
    void reopen() throws IOException {
        if (path == null) {
            return;
        }
        try {
            var next = openChannel(path);
            closeQuietly();
            channel = next;
            opened();
        } catch (IOException e) {
            Path parent = path.getParent();
            if (parent != null && !Files.isDirectory(parent)) {
                closeQuietly();
            }
            throw e;
        }
    }

    private void opened() throws IOException {
        if (path == null) {
            return;
        }
        var attributes = Files.readAttributes(path, BasicFileAttributes.class);
        fileKey = attributes.fileKey();
        regular = attributes.isRegularFile();
        size = regular ? attributes.size() : 0;
        period = period(
                size == 0 ? clock.instant() : attributes.lastModifiedTime().toInstant());
        lineBroken = size > 0 && !endsWithALine(path, size);
    }

    /** A file that cannot be read is taken to end with a whole line. */
    private static boolean endsWithALine(Path path, long size) {
        try (var file = FileChannel.open(path, StandardOpenOption.READ)) {
            var last = ByteBuffer.allocate(1);
            return file.read(last, size - 1) != 1 || last.get(0) == '\n';
        } catch (IOException unreadable) {
            return true;
        }
    }

    private long period(Instant time) {
        return rotation.every() == null
                ? 0
                : Math.floorDiv(time.toEpochMilli(), rotation.every().toMillis());
    }

    private boolean isStillOpen(Path path) {
        try {
            Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            return channel.isOpen() && (key == null || key.equals(fileKey));
        } catch (IOException gone) {
            return false;
        }
    }

    private static FileChannel openChannel(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        return FileChannel.open(path, EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    static String reason(IOException e) {
        String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }

    private void closeQuietly() {
        try {
            channel.close();
        } catch (IOException e) {
            AuditLog.log.warn("audit.path: closing {} failed: {}", path, e.toString());
        }
    }

    @Override
    public void close() {
        if (path != null) {
            closeQuietly();
        }
    }
}
