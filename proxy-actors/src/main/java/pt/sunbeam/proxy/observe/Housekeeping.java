package pt.sunbeam.proxy.observe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;
import pt.sunbeam.config.Audit.Rotation;
import pt.sunbeam.proxy.observe.RotatedFiles.Rotated;

/**
 * Deletes and packs the files that a log was put aside in, in a thread of its own: after each rotation, at the start, and from time to time. What fails is
 * logged and tried again. Thread-safe; another process may do the same to the same files.
 */
final class Housekeeping implements AutoCloseable {
    private static final long EVERY_MINUTES = 10;
    private static final long CLOSE_WITHIN_SECONDS = 2;
    private static final long SOON_MILLIS = 200;
    private static final long SETTLED_MILLIS = 2_500;
    private static final int CHUNK = 64 * 1024;

    private final RotatedFiles files;
    private final Rotation rotation;
    private final InstantSource clock;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("audit-log-files").factory());
    private volatile boolean closing;

    private Housekeeping(Path log, Rotation rotation, InstantSource clock) {
        this.files = new RotatedFiles(log);
        this.rotation = rotation;
        this.clock = clock;
    }

    static Housekeeping start(Path log, Rotation rotation, InstantSource clock) {
        var housekeeping = new Housekeeping(log, rotation, clock);
        var _ = housekeeping.thread.scheduleWithFixedDelay(housekeeping::tidy, 0, EVERY_MINUTES, TimeUnit.MINUTES);
        return housekeeping;
    }

    /** Never blocks. */
    void soon() {
        if (!closing && asked.compareAndSet(false, true)) {
            try {
                var _ = thread.schedule(this::tidy, SOON_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closed) {
                AuditLog.log.debug("Too late to keep the files tidy", closed);
            }
        }
    }

    /** Never throws, for that would end the schedule. */
    private void tidy() {
        asked.set(false);
        try {
            List<Rotated> all = files.list();
            List<Rotated> kept = all.subList(delete(all), all.size());
            if (rotation.compress()) {
                packSettled(kept);
            }
        } catch (NoSuchFileException noDirectory) {
            AuditLog.log.debug("No directory to keep tidy", noDirectory);
        } catch (IOException | RuntimeException e) {
            if (!closing) {
                AuditLog.log.warn("audit.path: the files that were put aside cannot be kept tidy: {}", e.toString());
            }
        }
    }

    /** How many were: the oldest ones. */
    private int delete(List<Rotated> all) throws IOException {
        int surplus = Math.max(0, all.size() - rotation.keepFiles());
        if (rotation.keepFor() != null) {
            Instant since = clock.instant().minus(rotation.keepFor());
            while (surplus < all.size() && all.get(surplus).at().isBefore(since)) {
                surplus++;
            }
        }
        for (Rotated rotated : all.subList(0, surplus)) {
            Files.deleteIfExists(rotated.path());
            // one that was just being packed when its packer died has both forms, or a part of the second
            Files.deleteIfExists(packed(rotated.path()));
            Files.deleteIfExists(part(rotated.path()));
        }
        return surplus;
    }

    private static Path packed(Path plain) {
        String name = plain.toString();
        return name.endsWith(RotatedFiles.PACKED) ? plain : Path.of(name + RotatedFiles.PACKED);
    }

    private static Path part(Path rotated) {
        return Path.of(packed(rotated) + ".part");
    }

    /** Another process may write to a file for a moment longer, until it sees that the file was put aside. */
    private void packSettled(List<Rotated> kept) throws IOException {
        boolean allSettled = true;
        for (Rotated rotated : kept) {
            if (rotated.packed() || closing) {
                continue;
            }
            long age =
                    clock.millis() - Files.getLastModifiedTime(rotated.path()).toMillis();
            if (age >= 0 && age < SETTLED_MILLIS) {
                allSettled = false;
            } else {
                pack(rotated.path());
            }
        }
        if (!allSettled) {
            soon();
        }
    }

    /** Under another name until it is whole. The lock keeps a second process off, and ends with the process that holds it. */
    private void pack(Path plain) throws IOException {
        Path part = part(plain);
        try (var out = FileChannel.open(part, EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
                var lock = out.tryLock()) {
            if (lock == null || !Files.exists(plain)) {
                return;
            }
            out.truncate(0);
            copy(plain, out);
            Files.setLastModifiedTime(part, Files.getLastModifiedTime(plain));
            Files.move(part, packed(plain), StandardCopyOption.REPLACE_EXISTING);
            Files.delete(plain);
        } catch (OverlappingFileLockException inThisProcess) {
            AuditLog.log.debug("{} is being packed", plain, inThisProcess);
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw e;
        }
    }

    private void copy(Path plain, FileChannel out) throws IOException {
        try (var in = FileChannel.open(plain, StandardOpenOption.READ)) {
            var gzip = new GZIPOutputStream(Channels.newOutputStream(out), CHUNK);
            var chunk = ByteBuffer.allocate(CHUNK);
            while (in.read(chunk.clear()) >= 0) {
                if (closing) {
                    throw new IOException("stopped");
                }
                gzip.write(chunk.array(), 0, chunk.position());
            }
            gzip.finish(); // a close would let go of the lock
            out.force(true);
        }
    }

    @Override
    public void close() {
        closing = true;
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
