package pt.sunbeam.trainer.dataset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.Cidr;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.trainer.read.DataException;

/**
 * What an operator knows of own traffic: lines {@code ADDRESS-or-CIDR [FROM TO] normal|attack}, times as in RFC 3339, FROM included and TO not. The first
 * line that fits a request counts. Blank lines and those that begin with {@code #} are passed over.
 */
public final class AddressLabels {
    private record Line(Cidr addresses, long fromMillis, long toMillis, boolean attack) {}

    private final List<Line> lines;

    private AddressLabels(List<Line> lines) {
        this.lines = List.copyOf(lines);
    }

    public static AddressLabels none() {
        return new AddressLabels(List.of());
    }

    /** Reads a file; throws DataException that names the first line at fault. */
    public static AddressLabels read(Path path) throws IOException {
        var lines = new ArrayList<Line>();
        int number = 0;
        for (var text : new String(Files.readAllBytes(path), StandardCharsets.UTF_8)
                .lines()
                .toList()) {
            number++;
            var stripped = text.strip();
            if (!stripped.isEmpty() && !stripped.startsWith("#")) {
                lines.add(line(path, number, List.of(stripped.split("\\s+"))));
            }
        }
        return new AddressLabels(lines);
    }

    private static Line line(Path path, int number, List<String> words) throws DataException {
        var label = words.getLast();
        if ((words.size() != 2 && words.size() != 4) || (!label.equals("normal") && !label.equals("attack"))) {
            throw new DataException(
                    path,
                    number,
                    "found \"%s\" (expected: ADDRESS-or-CIDR [FROM TO] normal|attack)"
                            .formatted(String.join(" ", words)));
        }
        try {
            boolean timed = words.size() == 4;
            long from = timed ? millis(words.get(1)) : Long.MIN_VALUE;
            long to = timed ? millis(words.get(2)) : Long.MAX_VALUE;
            if (from >= to) {
                throw new DataException(path, number, "FROM is not before TO");
            }
            return new Line(Cidr.parse(words.getFirst()), from, to, label.equals("attack"));
        } catch (DateTimeException | IllegalArgumentException broken) {
            var fault = new DataException(path, number, String.valueOf(broken.getMessage()));
            fault.initCause(broken);
            throw fault;
        }
    }

    private static long millis(String time) {
        Instant instant = OffsetDateTime.parse(time).toInstant();
        return instant.toEpochMilli();
    }

    /** Whether requests of an address are an attack at a time, or null where nothing is known. */
    @Nullable
    Boolean isAttack(IpAddress address, long timeMillis) {
        for (var line : lines) {
            if (timeMillis >= line.fromMillis && timeMillis < line.toMillis && line.addresses.contains(address)) {
                return line.attack;
            }
        }
        return null;
    }
}
