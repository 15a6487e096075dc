package pt.sunbeam.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How backends are asked how they are.
 *
 * @param path origin form: it starts with "/" and may have a query
 * @param timeout for the whole answer, at most {@code interval}
 * @param healthyThreshold good answers in a row that bring a backend back
 * @param unhealthyThreshold bad ones in a row, or none, that take it out
 * @param expected what is a good answer
 */
public record HealthCheck(
        String path,
        Duration interval,
        Duration timeout,
        int healthyThreshold,
        int unhealthyThreshold,
        List<Statuses> expected) {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Pattern PATH = Pattern.compile("/[!-~&&[^#\"<>\\\\^`{|}]]{0,1023}");
    private static final Pattern STATUSES = Pattern.compile("([1-5])xx|([1-5]\\d\\d)(?:-([1-5]\\d\\d))?");
    private static final String PATH_EXPECTED = "a path that starts with /, such as \"/health\"";

    /** From one status to another, both included. */
    public record Statuses(int from, int to) {
        private static Statuses parse(String text) {
            var parts = STATUSES.matcher(text);
            if (parts.matches()) {
                if (parts.group(1) != null) {
                    int first = 100 * Integer.parseInt(parts.group(1));
                    return new Statuses(first, first + 99);
                }
                int from = Integer.parseInt(parts.group(2));
                int to = parts.group(3) == null ? from : Integer.parseInt(parts.group(3));
                if (from <= to) {
                    return new Statuses(from, to);
                }
            }
            throw new IllegalArgumentException("a status such as 204, 2xx or 200-399");
        }
    }

    public HealthCheck {
        expected = List.copyOf(expected);
    }

    static @Nullable HealthCheck read(Section check) {
        if (!check.isPresent()) {
            return null;
        }
        var interval = check.duration("interval", Duration.ofSeconds(10), SECOND.dividedBy(10), Duration.ofHours(1));
        var usual = Duration.ofSeconds(5);
        var timeout = check.duration(
                "timeout", usual.compareTo(interval) < 0 ? usual : interval, Duration.ofMillis(1), Duration.ofHours(1));
        if (timeout.compareTo(interval) > 0) {
            check.fault("timeout", "at most interval");
        }
        var expected = new ArrayList<>(check.list("expected_statuses", Statuses::parse));
        if (check.has("expected_statuses") && expected.isEmpty()) {
            check.fault("expected_statuses", "one or more");
        }
        return new HealthCheck(
                check.required("path", "/", PATH_EXPECTED, HealthCheck::path),
                interval,
                timeout,
                check.count("healthy_threshold", 2, 1, 100),
                check.count("unhealthy_threshold", 3, 1, 100),
                expected.isEmpty() ? List.of(new Statuses(200, 299)) : expected);
    }

    private static String path(String text) {
        if (PATH.matcher(text).matches()) {
            return text;
        }
        throw new IllegalArgumentException(PATH_EXPECTED);
    }

    public boolean isGood(int status) {
        return expected.stream().anyMatch(range -> range.from <= status && status <= range.to);
    }
}
