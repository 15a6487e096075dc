package pt.sunbeam.proxy.admin;

import java.time.Duration;
import java.util.regex.Pattern;

/** How long an order holds. */
final class Times {
    static final Duration USUAL = Duration.ofHours(1);

    private static final Pattern TIME = Pattern.compile("(\\d{1,9})\\s*(s|m|h|d)");
    private static final Duration LONGEST = Duration.ofDays(366);

    private Times() {}

    /** A number and a unit; throws IllegalArgumentException. */
    static Duration parse(String text) {
        var parts = TIME.matcher(text.trim());
        if (parts.matches()) {
            long amount = Long.parseLong(parts.group(1));
            var time = switch (parts.group(2)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
            if (time.isPositive() && time.compareTo(LONGEST) <= 0) {
                return time;
            }
        }
        throw new IllegalArgumentException("for: found no time (expected: 1 s to 366 d, such as 30 m, 1 h or 7 d)");
    }
}
