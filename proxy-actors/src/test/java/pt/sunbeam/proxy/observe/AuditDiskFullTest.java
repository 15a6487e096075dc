package pt.sunbeam.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.config.Audit;
import pt.sunbeam.config.Audit.Rotation;
import pt.sunbeam.detector.audit.AuditLines;

/** A disk that is really full: a file system of 128 KiB, which only root can mount. */
@Timeout(60)
class AuditDiskFullTest {
    @TempDir
    Path folder;

    private Path disk;
    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        mounted = run("mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", disk.toString());
        assumeTrue(mounted, "SKIPPED: no tmpfs can be mounted here, so that no disk was filled (it takes root)");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    @Test
    void whatDoesNotFitIsCountedAndWritingGoesOnByItselfOnALineOfItsOwn() throws Exception {
        Path ballast = Files.write(disk.resolve("ballast"), new byte[40_000]);
        Path file = disk.resolve("audit.log");
        long written = 0;
        try (var log = open(file, Rotation.NEVER)) {
            while (log.dropped() == 0) {
                log.write(AuditRecords.of("before-" + written++));
                Thread.sleep(1); // not all in one batch
            }
            for (int n = 0; n < 100; n++) {
                log.write(AuditRecords.of("full-" + n));
                written++;
            }
            long sofar = written;
            await(() -> parsed(file) + log.dropped() == sofar); // none is on its way, to take the room that is made now
            Files.delete(ballast);
            do {
                log.write(AuditRecords.of("after-" + written++));
                Thread.sleep(20);
            } while (!contains(file, "\"after-"));
            log.write(AuditRecords.of("last"));
            written++;
            await(() -> contains(file, "\"last\""));
            try (var in = Files.newInputStream(file)) {
                var lines = new AuditLines(in);
                while (lines.next() != null) {}
                assertThat(lines.parsed() + log.dropped()).isEqualTo(written);
                assertThat(lines.lines() - lines.parsed()).as("broken off").isLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void rotationOnAFullDiskLosesNothingThatWasWritten() throws Exception {
        Path file = disk.resolve("audit.log");
        long written = 0;
        // three old ones and the current one are more than there is room for
        try (var log = open(file, new Rotation(40_000, null, 3, null, false))) {
            while (log.dropped() == 0) {
                log.write(AuditRecords.of("r" + written++));
                Thread.sleep(1);
            }
            long sofar = written;
            await(() -> parsedInAll() + log.dropped() == sofar); // none is on its way
            var oldest = new RotatedFiles(file).list().getFirst().path();
            long deleted = parsed(oldest);
            assertThat(deleted).isPositive();
            Files.delete(oldest); // an operator makes room
            do {
                log.write(AuditRecords.of("after-" + written++));
                Thread.sleep(20);
            } while (!isInAny("\"after-"));
            long all = written;
            await(() -> deleted + parsedInAll() + log.dropped() == all);
            assertThat(new RotatedFiles(file).list()).isNotEmpty();
        }
    }

    private long parsedInAll() {
        try (var files = Files.list(disk)) {
            return files.mapToLong(AuditDiskFullTest::parsed).sum();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static AuditLog open(Path file, Rotation rotation) {
        return AuditLog.open(new Audit(file, Set.of(), 0, false, rotation));
    }

    private static long parsed(Path file) {
        try (var in = Files.newInputStream(file)) {
            var lines = new AuditLines(in);
            while (lines.next() != null) {}
            return lines.parsed();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private boolean isInAny(String text) throws IOException {
        try (var files = Files.list(disk)) {
            return files.anyMatch(file -> contains(file, text));
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (NoSuchFileException justPutAside) {
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
