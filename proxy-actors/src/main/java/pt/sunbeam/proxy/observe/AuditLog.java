package pt.sunbeam.proxy.observe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pt.sunbeam.config.Audit;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.AuditWriter;
import pt.sunbeam.proxy.startup.StartFailure;

/**
 * Writes audit lines behind the request: whoever finished a request hands its record over and goes on.
 *
 * <p>The queue is bounded. A record that finds it full is dropped and counted, for a slow disk must not slow traffic down; so is each line that a full or
 * broken disk does not take. One daemon thread turns records into lines and writes them in batches, the last of a batch as soon as the queue is empty. A file
 * that was rotated away (renamed or removed) is opened anew under its name within about a second, or when {@link #reopen} says so.
 */
public final class AuditLog implements AutoCloseable {
    /** Records that may wait: at 10,000 requests a second, more than a second and a half of a disk that stands still. */
    static final int CAPACITY = 16_384;

    private static final int BATCH_BYTES = 64 * 1024;
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration WARN_AT_MOST_EVERY = Duration.ofSeconds(10);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
    static final Logger log = LoggerFactory.getLogger(AuditLog.class);

    private final LinkedTransferQueue<AuditRecord> queue = new LinkedTransferQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();
    private final int capacity;
    private final AuditWriter writer = new AuditWriter();
    private final Batch batch = new Batch();
    private final AuditOutput output;
    private final @Nullable Housekeeping housekeeping;
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean reopen;

    // Of the writing thread alone.
    private int linesInBatch;
    private @Nullable Exception lastFailure;
    private boolean unreachable;
    private long droppedAtLastWarning;
    private long nextLook = System.nanoTime() + LOOK_AGAIN.toNanos();
    private long nextWarning = System.nanoTime();

    /** Opens the file, creating it and its parents, or standard output. Throws {@link StartFailure} where that is impossible. */
    public static AuditLog open(Audit config) {
        return open(config, InstantSource.system());
    }

    static AuditLog open(Audit config, InstantSource clock) {
        Path path = config.path();
        if (path == null) {
            return start(AuditOutput.standardOutput(), null, CAPACITY);
        }
        var rotation = config.rotation();
        var housekeeping = rotation.isOn() ? Housekeeping.start(path, rotation, clock) : null;
        try {
            return start(
                    AuditOutput.file(path, rotation, clock, housekeeping == null ? () -> {} : housekeeping::soon),
                    housekeeping,
                    CAPACITY);
        } catch (IOException e) {
            if (housekeeping != null) {
                housekeeping.close();
            }
            throw new StartFailure(
                    "audit.path: cannot write " + path.toAbsolutePath() + ": " + AuditOutput.reason(e), e);
        }
    }

    static AuditLog start(AuditOutput output, @Nullable Housekeeping housekeeping, int capacity) {
        var auditLog = new AuditLog(output, housekeeping, capacity);
        auditLog.thread.start();
        return auditLog;
    }

    private AuditLog(AuditOutput output, @Nullable Housekeeping housekeeping, int capacity) {
        this.output = output;
        this.housekeeping = housekeeping;
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

    /** Opens the file anew under its name, soon, for it was renamed; on standard output does nothing. */
    public void reopen() {
        reopen = output.isFile();
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
        if (housekeeping != null) {
            housekeeping.close();
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
        output.close();
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
        if (reopen || now - nextLook >= 0) {
            nextLook = now + LOOK_AGAIN.toNanos();
            flush();
            look();
        }
        if (now - nextWarning >= 0) {
            nextWarning = now + WARN_AT_MOST_EVERY.toNanos();
            warnOfLosses();
        }
    }

    private void look() {
        boolean asked = reopen;
        reopen = false;
        try {
            if (asked) {
                output.reopen();
                log.info("The audit log was opened anew");
            } else {
                output.look();
            }
            if (unreachable) {
                unreachable = false;
                log.info("The audit log can be written again");
            }
        } catch (IOException e) {
            if (asked || !unreachable) {
                log.warn("audit.path: the file cannot be opened again: {}", e.toString());
            }
            unreachable = true;
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
        ByteBuffer lines = batch.bytes();
        try {
            output.write(lines);
        } catch (IOException e) {
            lost(linesInBatch - batch.linesBefore(lines.position()), e);
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
            log.warn("{} audit lines were lost: {}", lost, why(lastFailure));
            lastFailure = null;
        }
    }

    private static String why(@Nullable Exception failure) {
        return switch (failure) {
            case null -> "the output is slower than the traffic";
            case ClosedChannelException _ -> "the file has gone with its directory";
            default -> failure.toString();
        };
    }

    private static final class Batch extends ByteArrayOutputStream {
        Batch() {
            super(2 * BATCH_BYTES);
        }

        void cutTo(int size) {
            count = size;
        }

        /** Shared with this batch. */
        ByteBuffer bytes() {
            return ByteBuffer.wrap(buf, 0, count);
        }

        int linesBefore(int position) {
            int lines = 0;
            for (int i = 0; i < position; i++) {
                lines += buf[i] == '\n' ? 1 : 0;
            }
            return lines;
        }
    }
}
