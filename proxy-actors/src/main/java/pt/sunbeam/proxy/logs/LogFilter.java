package pt.sunbeam.proxy.logs;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.AuditRecord.Layer;
import pt.sunbeam.detector.http.Cidr;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.proxy.orders.Order;

/**
 * Which lines are shown: those that fit all that is asked for.
 *
 * @param blocked those alone that a detector, a limit or an operator refused
 * @param statuses such as 404 or 5xx, of which one has to fit; any where it is empty
 * @param client address or block, or null
 * @param route as audit lines name it, or null
 */
public record LogFilter(
        boolean blocked,
        List<String> statuses,
        @Nullable Cidr client,
        @Nullable String route) implements Predicate<AuditRecord> {
    private static final Pattern STATUS = Pattern.compile("[1-5](?:\\d\\d|xx)");

    /** Throws IllegalArgumentException where a status is none. */
    public LogFilter {
        for (String status : statuses) {
            if (!STATUS.matcher(status).matches()) {
                throw new IllegalArgumentException(status);
            }
        }
        statuses = List.copyOf(statuses);
    }

    @Override
    public boolean test(AuditRecord record) {
        return (!blocked || isBlocked(record))
                && (statuses.isEmpty() || statuses.stream().anyMatch(status -> fits(status, record.status())))
                && (client == null || isFrom(client, record.clientIp()))
                && (route == null || isOn(route, record));
    }

    private static boolean isOn(String route, AuditRecord record) {
        return record.sunbeam() != null && route.equals(record.sunbeam().route());
    }

    private static boolean isBlocked(AuditRecord record) {
        var sunbeam = record.sunbeam();
        return Order.REFUSED.equals(record.error())
                || (sunbeam != null
                        && (blocks(sunbeam.ddos()) || blocks(sunbeam.scanner()) || blocks(sunbeam.rateLimit())));
    }

    private static boolean blocks(@Nullable Layer layer) {
        return layer != null && layer.refuses();
    }

    private static boolean fits(String wanted, int status) {
        return wanted.endsWith("xx") ? wanted.charAt(0) - '0' == status / 100 : Integer.parseInt(wanted) == status;
    }

    private static boolean isFrom(Cidr block, String client) {
        try {
            return block.contains(IpAddress.parse(client));
        } catch (IllegalArgumentException unknown) {
            return false;
        }
    }
}
