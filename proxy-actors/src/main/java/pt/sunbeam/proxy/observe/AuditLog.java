package pt.sunbeam.proxy.observe;

import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.AuditWriter;
import pt.sunbeam.proxy.startup.StartFailure;

/**
 * Writes audit lines behind the request: whoever finished a request hands its record over and goes on.
 *
 * <p>The queue is bounded. A record that finds it full is dropped and counted, for a slow disk must not slow traffic down. One daemon thread
 * turns records into lines and writes them in batches, the last of a batch as soon as the queue is empty. A file that was rotated away
 * (renamed or removed) is opened anew under its name within about a second.
 */
public final class AuditLog implements AutoCloseable {
    /** Records that may wait: at 10,000 requests a second, more than a second and a half of a disk that stands still. */
    private static final int CAPACITY = 16_384;

    private static final int BATCH_BYTES = 64 * 1024;
    private static final Duration LOOK_FOR_ROTATION = Duration.ofSeconds(1);
    private static final Duration WARN_AT_MOST_EVERY = Duration.ofSeconds(10);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

    private final LinkedTransferQueue<AuditRecord> queue = new LinkedTransferQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();
    private final int capacity;
    private final AuditWriter writer = new AuditWriter();
    private final Batch batch = new Batch();
    private final @Nullable Path path;
    private final Thread thread;
    private volatile boolean closing;

    // Of the writing thread alone.
    private OutputStream out;
    private @Nullable Object fileKey;
    private int linesInBatch;
    private boolean lineBroken;
    private @Nullable Exception lastFailure;
    private long droppedAtLastWarning;
    private long nextLook = System.nanoTime() + LOOK_FOR_ROTATION.toNanos();
    private long nextWarning = System.nanoTime();

    /** Opens the file, creating it and its parents, or standard output. Throws {@link StartFailure} where that is impossible. */
    public static AuditLog open(SunbeamConfig.Audit config) {
        Path path = config.path();
        var opened = path == null
                ? new Opened(new FileOutputStream(FileDescriptor.out), null)
                : openForStart(path.toAbsolutePath());
        return start(path, opened, CAPACITY);
    }

    static AuditLog start(@Nullable Path path, Opened opened, int capacity) {
        var auditLog = new AuditLog(path == null ? null : path.toAbsolutePath(), opened, capacity);
        auditLog.thread.start();
        return auditLog;
    }

    private AuditLog(@Nullable Path path, Opened opened, int capacity) {
        this.path = path;
        this.out = opened.out;
        this.fileKey = opened.fileKey;
        this.capacity = capacity;
        this.thread = Thread.ofPlatform().daemon().name("audit-log").unstarted(this::run);
    }

    /** Never blocks. */
    public void write(AuditRecord record) {
        if (closing || waiting.get() >= capacity) {
            dropped.increment();
            return;
        }
        waiting.incrementAndGet();
        queue.add(record);
    }

    /** Lines that were lost since the start: the queue was full, the output failed, or the log was closed. */
    public long dropped() {
        return dropped.sum();
    }

    /** Writes what waits and stops; gives up after five seconds. */
    @Override
    public void close() {
        closing = true;
        boolean done = false;
        try {
            done = thread.join(CLOSE_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!done || !queue.isEmpty()) {
            log.warn("The audit log was closed with about {} lines unwritten", waiting.get());
        }
    }

    private void run() {
        while (!closing || waiting.get() > 0) {
            try {
                step();
            } catch (InterruptedException e) {
                break;
            }
        }
        flush();
        warnOfLosses();
        if (path != null) {
            try {
                out.close();
            } catch (IOException e) {
                log.warn("audit.path: closing {} failed: {}", path, e.toString());
            }
        }
    }

    private void step() throws InterruptedException {
        AuditRecord record = queue.poll();
        if (record == null) {
            flush();
            record = queue.poll(100, TimeUnit.MILLISECONDS);
        }
        if (record != null) {
            waiting.decrementAndGet();
            add(record);
        }
        if (batch.size() >= BATCH_BYTES) {
            flush();
        }
        long now = System.nanoTime();
        if (now - nextLook >= 0) {
            nextLook = now + LOOK_FOR_ROTATION.toNanos();
            flush();
            reopenWhereRotated();
        }
        if (now - nextWarning >= 0) {
            nextWarning = now + WARN_AT_MOST_EVERY.toNanos();
            warnOfLosses();
        }
    }

    private void add(AuditRecord record) {
        int before = batch.size();
        try {
            writer.write(record, batch);
            linesInBatch++;
        } catch (IOException | RuntimeException e) {
            // A defect met by one record must not end the log.
            batch.cutTo(before);
            lost(1, e);
        }
    }

    private void flush() {
        if (batch.size() == 0) {
            return;
        }
        try {
            if (lineBroken) {
                out.write('\n');
            }
            batch.writeTo(out);
            lineBroken = false;
        } catch (IOException e) {
            // Part of the batch may have been written, its last line in part: the next one starts on a new line.
            lineBroken = true;
            lost(linesInBatch, e);
        }
        batch.reset();
        linesInBatch = 0;
    }

    private void lost(int lines, Exception why) {
        dropped.add(lines);
        lastFailure = why;
        log.debug("{} audit lines were lost", lines, why);
    }

    private void warnOfLosses() {
        long lost = dropped.sum() - droppedAtLastWarning;
        if (lost > 0) {
            droppedAtLastWarning += lost;
            log.warn(
                    "{} audit lines were lost: {}",
                    lost,
                    lastFailure == null ? "the output is slower than the traffic" : lastFailure.toString());
            lastFailure = null;
        }
    }

    private void reopenWhereRotated() {
        if (path == null || isStillOpen(path)) {
            return;
        }
        try {
            var opened = openFile(path);
            out.close();
            out = opened.out;
            fileKey = opened.fileKey;
            lineBroken = false;
        } catch (IOException e) {
            log.warn("audit.path: {} was rotated away and cannot be opened again: {}", path, reason(e));
        }
    }

    private boolean isStillOpen(Path path) {
        try {
            Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            return key == null || key.equals(fileKey);
        } catch (IOException gone) {
            return false;
        }
    }

    record Opened(OutputStream out, @Nullable Object fileKey) {}

    private static Opened openForStart(Path path) {
        try {
            return openFile(path);
        } catch (IOException e) {
            throw new StartFailure("audit.path: cannot write " + path + ": " + reason(e), e);
        }
    }

    private static Opened openFile(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        var out = Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        try {
            return new Opened(
                    out, Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            out.close();
            throw e;
        }
    }

    private static final class Batch extends ByteArrayOutputStream {
        Batch() {
            super(2 * BATCH_BYTES);
        }

        void cutTo(int size) {
            count = size;
        }
    }

    private static String reason(IOException e) {
        String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }
}
