package pt.sunbeam.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.config.Audit;
import pt.sunbeam.config.Audit.Rotation;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.AuditWriter;

/** Files that are put aside, kept for a while, packed and deleted. */
@Timeout(300)
class AuditRotationTest {
    private static final int LINES = Integer.getInteger("sunbeam.audit.lines", 50_000);
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.500Z");
    private static final String STAMP = "20260102T120000Z";

    @TempDir
    Path folder;

    private Instant now = NOON;

    /** All lines come back in order, none lost and none twice, while files are put aside, packed, and read from everywhere. */
    @Test
    void everyLineIsReadBackInOrderThoughFilesArePutAside() throws IOException {
        Path file = folder.resolve("audit.log");
        var rotation = new Rotation(Math.max(256 << 10, LINES * 10L), null, 10_000, null, true);
        long refused = 0;
        try (var log = AuditLog.open(new Audit(file, Set.of(), 0.01, false, rotation))) {
            for (int n = 0; n < LINES; n++) {
                var record = AuditRecords.of("r" + n);
                log.write(record);
                while (log.dropped() > refused) { // the queue is full: once more
                    refused = log.dropped();
                    Thread.onSpinWait();
                    log.write(record);
                }
            }
        }
        assertThat(new RotatedFiles(file).list()).hasSizeGreaterThan(10);
        var expected = new int[1];
        AuditRecords.eachOfAll(file, record -> {
            if (!record.equals(AuditRecords.of("r" + expected[0]))) {
                throw new AssertionError("found " + record.requestId() + ", expected r" + expected[0]);
            }
            expected[0]++;
        });
        assertThat(expected[0]).isEqualTo(LINES);
    }

    @Test
    void aFileIsPutAsideBeforeItIsTooLongAndNoneIsOverwrittenWithinASecond() throws IOException {
        Path file = folder.resolve("audit.log");
        write(file, lines(250), 0, 5);
        write(file, lines(250), 5, 8); // as after a restart
        assertThat(names())
                .containsExactlyInAnyOrder(
                        "audit.log",
                        "audit.log." + STAMP,
                        "audit.log." + STAMP + "-1",
                        "audit.log." + STAMP + "-2",
                        "audit.log." + STAMP + "-3",
                        "audit.log." + STAMP + "-4",
                        "audit.log." + STAMP + "-5",
                        "audit.log." + STAMP + "-6");
        assertThat(AuditRecords.idsOfAll(file)).isEqualTo(ids(0, 8));
    }

    @Test
    void ordinalsAreNumbersAndNotText() throws IOException {
        Path file = folder.resolve("audit.log");
        write(file, lines(250), 0, 30);
        assertThat(AuditRecords.idsOfAll(file)).isEqualTo(ids(0, 30));
    }

    @Test
    void aClockThatGoesBackChangesNoOrder() throws IOException {
        Path file = folder.resolve("audit.log");
        write(file, lines(250), 0, 3);
        now = NOON.minusSeconds(3_600);
        write(file, lines(250), 3, 6);
        now = NOON.plusSeconds(1);
        write(file, lines(250), 6, 9);
        assertThat(AuditRecords.idsOfAll(file)).isEqualTo(ids(0, 9));
        assertThat(names()).contains("audit.log.20260102T120001Z");
    }

    @Test
    void aNameThatIsTakenInPackedFormIsTaken() throws IOException {
        Path file = folder.resolve("audit.log");
        Files.writeString(folder.resolve("audit.log." + STAMP + ".gz"), "older");
        write(file, lines(250), 0, 2);
        assertThat(folder.resolve("audit.log." + STAMP + ".gz")).hasContent("older");
        assertThat(names()).contains("audit.log." + STAMP + "-1").doesNotContain("audit.log." + STAMP);
    }

    @Test
    void atEachFullHourAFileIsPutAsideEvenWhereNothingIsWritten() throws IOException {
        Path file = folder.resolve("audit.log");
        var hourly = new Rotation(Long.MAX_VALUE, Duration.ofHours(1), 10, null, false);
        try (var output = AuditOutput.file(file, hourly, clock(), () -> {})) {
            output.write(line(0));
            now = Instant.parse("2026-01-02T12:59:59Z");
            output.look();
            output.write(line(1));
            assertThat(names()).containsExactly("audit.log");
            now = Instant.parse("2026-01-02T13:00:00Z");
            output.look();
            assertThat(AuditRecords.ids(folder.resolve("audit.log.20260102T130000Z")))
                    .isEqualTo(ids(0, 2));
            now = Instant.parse("2026-01-02T15:30:00Z"); // nothing to put aside
            output.look();
            output.write(line(2));
            assertThat(names()).hasSize(2);
            now = Instant.parse("2026-01-02T12:30:00Z"); // the clock goes back
            output.write(line(3));
            now = Instant.parse("2026-01-02T13:00:01Z");
            output.write(line(4));
        }
        assertThat(AuditRecords.ids(file)).isEqualTo(ids(4, 5));
        assertThat(AuditRecords.idsOfAll(file)).isEqualTo(ids(0, 5));
    }

    @Test
    void aFileOfAnEarlierDayIsPutAsideAfterARestart() throws IOException {
        Path file = folder.resolve("audit.log");
        var daily = new Rotation(Long.MAX_VALUE, Duration.ofDays(1), 10, null, false);
        Files.write(file, line(0).array());
        Files.setLastModifiedTime(file, FileTime.from(NOON.minus(Duration.ofHours(13))));
        try (var output = AuditOutput.file(file, daily, clock(), () -> {})) {
            output.write(line(1));
        }
        assertThat(AuditRecords.ids(file)).isEqualTo(ids(1, 2));
        assertThat(AuditRecords.ids(folder.resolve("audit.log." + STAMP))).isEqualTo(ids(0, 1));
    }

    @Test
    void theOldestAndTheMostAreDeletedAndNobodyElsesFiles() throws IOException {
        Path file = folder.resolve("audit.log");
        var foreign = List.of(
                "audit.log.1",
                "audit.log.1.gz",
                "audit.log.bak",
                "audit.log.20240102T030405Z.bak",
                "audit.log.20240102T030405Z.gz.old",
                "audit.log.20240102T030405Z-0",
                "audit.log.20240102T030405Z-01",
                "audit.log.20240102T030405",
                "audit.log.20241302T030405Z",
                "audit.log.20240230T250000Z",
                "audit.log-20240102T030405Z",
                "xaudit.log.20240102T030405Z",
                "auditxlog.20240102T030405Z",
                "other.log.20240102T030405Z");
        for (var name : foreign) {
            Files.writeString(folder.resolve(name), name);
        }
        Files.createDirectory(folder.resolve("audit.log.20240102T030405Z"));
        var ours = List.of(
                "audit.log.20251101T000000Z.gz",
                "audit.log.20251225T000000Z",
                "audit.log.20251231T000000Z.gz",
                "audit.log.20260101T000000Z-9",
                "audit.log.20260101T000000Z-10",
                "audit.log.20260102T000000Z");
        for (var name : ours) {
            Files.writeString(folder.resolve(name), "");
        }
        String leftByACrash = "audit.log.20251225T000000Z.gz.part";
        Files.writeString(folder.resolve(leftByACrash), "half of it");
        var rotation = new Rotation(1 << 20, null, 3, null, false);
        try (var log = AuditLog.open(new Audit(file, Set.of(), 0, false, rotation), clock())) {
            await(() -> names().stream().filter(ours::contains).count() == 3);
            log.write(AuditRecords.of("still written"));
        }
        assertThat(names())
                .containsAll(foreign)
                .containsAll(ours.subList(3, 6))
                .contains("audit.log")
                .doesNotContain(leftByACrash);
        var aged = new Rotation(1 << 20, null, 100, Duration.ofHours(13), false);
        try (var log = AuditLog.open(new Audit(file, Set.of(), 0, false, aged), clock())) {
            await(() -> names().stream().filter(ours::contains).count() == 1);
            assertThat(log.dropped()).isZero();
        }
        assertThat(names()).containsAll(foreign).contains("audit.log", ours.getLast());
        for (var name : foreign) {
            assertThat(folder.resolve(name)).hasContent(name);
        }
    }

    @Test
    void filesThatWerePutAsideArePackedAndOneThatWasHalfPackedIsPackedAnew() throws IOException {
        Path file = folder.resolve("audit.log");
        write(file, lines(250), 0, 4);
        Files.writeString(folder.resolve("audit.log." + STAMP + ".gz.part"), "half of it");
        for (var rotated : new RotatedFiles(file).list()) {
            Files.setLastModifiedTime(rotated.path(), FileTime.from(NOON.minusSeconds(10)));
        }
        var rotation = new Rotation(1 << 20, null, 10, null, true);
        try (var log = AuditLog.open(new Audit(file, Set.of(), 0, false, rotation), clock())) {
            await(() -> names().stream()
                                    .filter(name -> name.endsWith("Z.gz") || name.matches(".*-\\d\\.gz"))
                                    .count()
                            == 3
                    && names().size() == 4);
            assertThat(log.dropped()).isZero();
        }
        assertThat(Files.getLastModifiedTime(folder.resolve("audit.log." + STAMP + ".gz"))
                        .toInstant())
                .isEqualTo(NOON.minusSeconds(10));
        assertThat(AuditRecords.idsOfAll(file)).isEqualTo(ids(0, 4));
    }

    @Test
    void aLineThatAnEarlierProcessLeftUnfinishedIsNotGoneOnWith() throws IOException {
        Path file = Files.writeString(folder.resolve("audit.log"), "{\"timestamp\":\"20");
        write(file, Rotation.NEVER, 0, 1);
        assertThat(Files.readAllLines(file)).hasSize(2).first().isEqualTo("{\"timestamp\":\"20");
    }

    @Test
    void aFileThatIsPutAsideEndsWithALine() throws IOException {
        Path file = Files.writeString(folder.resolve("audit.log"), "{\"timestamp\":\"20" + "x".repeat(250));
        write(file, lines(250), 0, 1);
        assertThat(Files.readString(folder.resolve("audit.log." + STAMP))).endsWith("x\n");
        assertThat(AuditRecords.ids(file)).isEqualTo(ids(0, 1));
    }

    private void write(Path file, Rotation rotation, int from, int to) throws IOException {
        try (var output = AuditOutput.file(file, rotation, clock(), () -> {})) {
            for (int n = from; n < to; n++) {
                output.write(line(n));
            }
        }
    }

    /** Puts a file aside before it has so many bytes; a line has about 500. */
    private static Rotation lines(long bytes) {
        return new Rotation(bytes, null, 1_000, null, false);
    }

    private InstantSource clock() {
        return () -> now;
    }

    private static ByteBuffer line(int n) throws IOException {
        var bytes = new ByteArrayOutputStream();
        AuditRecord record = AuditRecords.of("r" + n);
        new AuditWriter().write(record, bytes);
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private static List<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(n -> "r" + n).toList();
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::getFileName).map(Path::toString).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
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
}
