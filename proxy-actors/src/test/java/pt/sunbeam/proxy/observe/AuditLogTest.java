package pt.sunbeam.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.config.Audit;
import pt.sunbeam.detector.audit.AuditReader;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.proxy.startup.StartFailure;

@Timeout(60)
class AuditLogTest {
    @TempDir
    Path folder;

    @Test
    void createsTheFileWithItsParentsAndAppendsToIt() throws IOException {
        Path file = folder.resolve("log/sunbeam/audit.log");
        try (var log = open(file)) {
            log.write(record("first"));
        }
        try (var log = open(file)) {
            log.write(record("second"));
        }
        assertThat(requestIds(file)).containsExactly("first", "second");
    }

    @Test
    void writesWhatWaitsBeforeItCloses() throws IOException {
        Path file = folder.resolve("audit.log");
        try (var log = open(file)) {
            IntStream.range(0, 5_000).forEach(n -> log.write(record("r" + n)));
            assertThat(log.dropped()).isZero();
        }
        assertThat(requestIds(file)).hasSize(5_000).startsWith("r0", "r1").endsWith("r4999");
    }

    @Test
    void linesAppearWithoutBeingAskedFor() throws IOException {
        Path file = folder.resolve("audit.log");
        try (var log = open(file)) {
            log.write(record("alone"));
            await(() -> requestIds(file).equals(List.of("alone")));
        }
    }

    @Test
    void linesOfManyThreadsAreWholeAndNoneIsLost() throws Exception {
        Path file = folder.resolve("audit.log");
        try (var log = open(file)) {
            var threads = IntStream.range(0, 8)
                    .mapToObj(t -> Thread.startVirtualThread(
                            () -> IntStream.range(0, 1_000).forEach(n -> log.write(record(t + "-" + n)))))
                    .toList();
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(requestIds(file)).hasSize(8_000).doesNotHaveDuplicates();
    }

    @Test
    void aFullQueueDropsAndCountsInsteadOfBlocking() {
        var release = new CountDownLatch(1);
        var written = new ByteArrayOutputStream();
        var stuck = new Sink(written) {
            @Override
            public int write(ByteBuffer lines) throws IOException {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return super.write(lines);
            }
        };
        var log = AuditLog.start(AuditOutput.to(stuck), null, 10);
        IntStream.range(0, 10_000).forEach(n -> log.write(record("r" + n)));
        assertThat(log.dropped()).isGreaterThan(9_000);
        release.countDown();
        log.close();
        assertThat(written.toString(StandardCharsets.UTF_8).lines()).hasSize((int) (10_000 - log.dropped()));
    }

    @Test
    void aFileThatWasRotatedAwayIsOpenedAnew() throws IOException {
        Path file = folder.resolve("audit.log");
        Path rotated = folder.resolve("audit.log.1");
        try (var log = open(file)) {
            log.write(record("before"));
            await(() -> requestIds(file).equals(List.of("before")));
            Files.move(file, rotated);
            await(() -> Files.exists(file));
            log.write(record("after"));
            await(() -> requestIds(file).equals(List.of("after")));
            Files.delete(file);
            await(() -> Files.exists(file));
            log.write(record("again"));
        }
        assertThat(requestIds(rotated)).containsExactly("before");
        assertThat(requestIds(file)).containsExactly("again");
    }

    @Test
    void itIsOpenedAnewWhenAskedTo() throws IOException {
        Path file = folder.resolve("audit.log");
        Path rotated = folder.resolve("audit.log.1");
        try (var log = open(file)) {
            log.write(record("before"));
            await(() -> requestIds(file).equals(List.of("before")));
            Files.move(file, rotated);
            log.reopen();
            await(() -> Files.exists(file));
            log.write(record("after"));
            await(() -> requestIds(file).equals(List.of("after")));
            log.reopen(); // though it is the same file
            log.write(record("again"));
        }
        assertThat(requestIds(rotated)).containsExactly("before");
        assertThat(requestIds(file)).containsExactly("after", "again");
    }

    @Test
    void whereTheDirectoryHasGoneLinesAreLostAndCountedUntilItCanBeMadeAgain() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("log"));
        Path file = directory.resolve("audit.log");
        try (var log = open(file)) {
            log.write(record("before"));
            await(() -> requestIds(file).equals(List.of("before")));
            Files.delete(file);
            Files.delete(directory);
            Files.writeString(directory, "in the way");
            await(() -> {
                log.write(record("lost"));
                return log.dropped() > 0;
            });
            Files.delete(directory);
            await(() -> Files.exists(file));
            log.write(record("after"));
            await(() -> requestIds(file).contains("after"));
        }
        assertThat(requestIds(file)).endsWith("after");
    }

    @Test
    void aFailingOutputLosesLinesAndCountsThemAndGoesOn() throws IOException {
        var written = new ByteArrayOutputStream();
        var fillsUpOnce = new Sink(written) {
            private int calls;

            @Override
            public int write(ByteBuffer lines) throws IOException {
                calls++;
                if (calls == 2) {
                    throw new IOException("No space left on device");
                }
                return calls > 2 ? super.write(lines) : super.write(lines, lines.remaining() / 2);
            }
        };
        try (var log = AuditLog.start(AuditOutput.to(fillsUpOnce), null, 10)) {
            log.write(record("lost"));
            await(() -> log.dropped() == 1);
            log.write(record("kept"));
        }
        var lines = written.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(requestId(lines.get(1))).isEqualTo("kept");
    }

    @Test
    void whatComesAfterTheCloseIsCountedAsLost() {
        var log = open(folder.resolve("audit.log"));
        log.close();
        log.write(record("late"));
        assertThat(log.dropped()).isOne();
    }

    @Test
    void aPathThatCannotBeWrittenStopsTheStartAndIsNamed() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> open(file.resolve("audit.log")))
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith("audit.path: cannot write " + file.resolve("audit.log") + ": ");
        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("directory");
    }

    @Test
    void aDeviceThatIsFullIsCounted() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full));
        try (var log = open(full)) {
            log.write(record("lost"));
            await(() -> log.dropped() == 1);
        }
    }

    private static AuditLog open(Path file) {
        return AuditLog.open(new Audit(file, Set.of(), 0.01, false, Audit.Rotation.NEVER));
    }

    /** Takes what is written. */
    private static class Sink implements WritableByteChannel {
        private final ByteArrayOutputStream written;

        Sink(ByteArrayOutputStream written) {
            this.written = written;
        }

        @Override
        public int write(ByteBuffer lines) throws IOException {
            return write(lines, lines.remaining());
        }

        int write(ByteBuffer lines, int count) throws IOException {
            var bytes = new byte[count];
            lines.get(bytes);
            written.writeBytes(bytes);
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private static List<String> requestIds(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.map(AuditLogTest::requestId).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String requestId(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return switch (new AuditReader().read(bytes, 0, bytes.length)) {
            case AuditReader.Parsed(var record) -> record.requestId();
            case AuditReader.Foreign(var reason) -> throw new AssertionError(line + ": " + reason);
            case AuditReader.Malformed(var reason) -> throw new AssertionError(line + ": " + reason);
        };
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static AuditRecord record(String requestId) {
        return AuditRecords.of(requestId);
    }
}
