package pt.sunbeam.proxy.logs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.proxy.observe.RotatedFiles;
import pt.sunbeam.proxy.observe.RotatedFiles.Rotated;

/**
 * The bytes of a file that grows, as {@code tail -F} sees them: where the file was put aside the rest of it comes first, then what was put aside since, then
 * the one that has its name now. A file that was cut is read from its beginning. It ends when its thread is interrupted. Not thread-safe.
 */
public final class FollowedLog extends InputStream {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    /** Who writes may go on for a moment in a file that was renamed. */
    private static final Duration LINGER = Duration.ofMillis(1_500);

    private final Path path;
    private final Runnable onCaughtUp;
    private final Deque<Path> successors = new ArrayDeque<>();
    private InputStream in;
    private @Nullable Object key; // of the file under the name; null while a successor is read
    private long position;
    private boolean lineOpen;
    private boolean caughtUp;
    private long leftAt; // when the file was first seen to have another name, in nanoseconds, or 0

    /** @param onCaughtUp called once, when all that was there has been read */
    public FollowedLog(Path path, Runnable onCaughtUp) throws IOException {
        this.path = path.toAbsolutePath();
        this.onCaughtUp = onCaughtUp;
        this.in = InputStream.nullInputStream();
        openNamed();
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        while (true) {
            int read = in.read(bytes, from, length);
            if (read > 0) {
                position += read;
                lineOpen = bytes[from + read - 1] != '\n';
                return read;
            }
            if (goOn() && lineOpen) {
                lineOpen = false;
                bytes[from] = '\n';
                return 1;
            }
            if (Thread.currentThread().isInterrupted()) {
                return -1;
            }
        }
    }

    /** At the end of what there is: waits, or turns to the next file; true where it turned. */
    private boolean goOn() throws IOException {
        if (key == null) {
            return turn();
        }
        Object now = keyOf(path);
        if (now != null && now.equals(key)) {
            leftAt = 0;
            if (Files.size(path) < position) {
                return turn();
            }
        } else if (now != null) { // another file has the name
            leftAt = leftAt == 0 ? System.nanoTime() : leftAt;
            if (System.nanoTime() - leftAt >= LINGER.toNanos()) {
                leftAt = 0;
                successors.addAll(putAsideSince(key));
                return turn();
            }
        }
        if (!caughtUp) {
            caughtUp = true;
            onCaughtUp.run();
        }
        pause();
        return false;
    }

    private boolean turn() throws IOException {
        for (Path next = successors.poll(); next != null; next = successors.poll()) {
            InputStream successor = successor(next);
            if (successor != null) {
                open(successor, null);
                return true;
            }
        }
        try {
            return openNamed();
        } catch (NoSuchFileException notYet) {
            open(InputStream.nullInputStream(), null);
            pause();
            return false;
        }
    }

    /** Null where it was deleted meanwhile; it may have been packed, too. */
    private static @Nullable InputStream successor(Path file) throws IOException {
        boolean packed = file.toString().endsWith(RotatedFiles.PACKED);
        try {
            InputStream stored = Files.newInputStream(file);
            return packed ? new GZIPInputStream(stored, 1 << 16) : stored;
        } catch (NoSuchFileException gone) {
            return packed ? null : successor(Path.of(file + RotatedFiles.PACKED));
        }
    }

    private void open(InputStream next, @Nullable Object itsKey) throws IOException {
        in.close();
        in = next;
        key = itsKey;
        position = 0;
    }

    /** Opens what has the name, which may change just then. */
    private boolean openNamed() throws IOException {
        Object before;
        do {
            before = keyOf(path);
            open(Files.newInputStream(path), before);
        } while (!Objects.equals(before, keyOf(path)));
        return true;
    }

    /** Those that follow the file of the key; none where it has a name of somebody else's. */
    private Deque<Path> putAsideSince(Object old) throws IOException {
        var since = new ArrayDeque<Path>();
        boolean found = false;
        for (Rotated rotated : new RotatedFiles(path).list()) {
            if (found) {
                since.add(rotated.path());
            }
            found |= old.equals(keyOf(rotated.path()));
        }
        return since;
    }

    /** Null where there is no such file. A file system without keys has no files that are told apart. */
    private static @Nullable Object keyOf(Path path) {
        try {
            Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            return key == null ? path : key;
        } catch (IOException gone) {
            return null;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AGAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
