package pt.sunbeam.trainer.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.AccessLine;
import pt.sunbeam.detector.audit.AuditLines;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.LoggedHeads;
import pt.sunbeam.detector.audit.LoggedRequest;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.window.EventReader;
import pt.sunbeam.trainer.read.AccessLogReader;
import pt.sunbeam.trainer.read.Account;
import pt.sunbeam.trainer.read.DataFile;

/**
 * Logs of one's own proxy or server as requests and as windows.
 *
 * <p>A label is, in this order: that of the line itself, what the operator says of the address, a guess by {@link Heuristics}. A request without any is
 * counted and left out.
 */
final class OwnTraffic {
    /** Milliseconds from 1970 to the end of the year 9999. */
    private static final long LAST_MILLIS = 253_402_300_799_999L;

    private final DatasetBuilder builder;
    private final Heuristics heuristics;
    private final AddressLabels labels;
    private final long seed;
    private final EventReader events;

    OwnTraffic(DatasetBuilder builder, Heuristics heuristics, AddressLabels labels, long seed) {
        this.builder = builder;
        this.heuristics = heuristics;
        this.labels = labels;
        this.seed = seed;
        events = new EventReader(seed);
    }

    /** Reads an audit log to its end. */
    Account audit(InputStream in, String file, DatasetBuilder.Tally tally) throws IOException {
        var lines = new AuditLines(in);
        var log = new Log(file, tally, true);
        for (var record = lines.next(); record != null; record = lines.next()) {
            log.take(record, lines.lines());
        }
        log.windows.finish();
        return Account.of(lines);
    }

    /** Reads an access log to its end. */
    Account access(DataFile file, DatasetBuilder.Tally tally) throws IOException {
        var log = new Log(file.name(), tally, false);
        var number = new long[1];
        var account = AccessLogReader.read(file, line -> log.take(line, ++number[0]));
        log.windows.finish();
        return account;
    }

    private final class Log {
        private final String file;
        private final DatasetBuilder.Tally tally;
        private final ClientWindows<WindowRows.Tag> windows;
        private final LoggedHeads heads = new LoggedHeads();

        private Log(String file, DatasetBuilder.Tally tally, boolean cookiesKnown) {
            this.file = file;
            this.tally = tally;
            windows = new ClientWindows<>(new WindowRows(
                    builder, client -> client, (size, raw) -> heuristics.isAttack(size, raw, cookiesKnown)));
        }

        private void take(AuditRecord record, long line) {
            if (!LoggedRequest.isRequest(record)) {
                tally.setAside("no request: refused before it could be read", line);
                return;
            }
            RequestHead head;
            long arrival;
            try {
                head = heads.head(record);
                arrival = LoggedRequest.arrivalMillis(record);
            } catch (IllegalArgumentException | ArithmeticException impossible) {
                tally.setAside("no request: " + impossible.getMessage(), line);
                return;
            }
            var client = address(record.clientIp());
            Boolean known = explicit(record, line);
            if (known == null && client != null) {
                known = labels.isAttack(client, arrival);
            }
            boolean personal = record.hasCookies() && record.referer() != null && record.acceptLanguage() != null;
            request(
                    head,
                    known != null ? known : Heuristics.isAttack(record.status(), record.path(), personal),
                    record.status(),
                    record.clientIp(),
                    arrival,
                    line);
            if (client == null) {
                tally.setAside("no window: client_ip is no address", line);
                return;
            }
            window(
                    new ClientWindows.Arrival<>(
                            key(client, record.clientIp()),
                            events.read(head, line, arrival),
                            record.status(),
                            LoggedRequest.durationMillis(record),
                            Suspicion.of(head) || LoggedRequest.isRefusedByScanner(record),
                            !LoggedRequest.isRefusedByDdos(record),
                            tag(head, known)),
                    line);
        }

        private @Nullable Boolean explicit(AuditRecord record, long line) {
            if (record.label() == null) {
                return null;
            }
            return switch (record.label()) {
                case "normal" -> false;
                case "attack" -> true;
                default -> {
                    tally.setAside("label is neither normal nor attack, and passed over", line);
                    yield null;
                }
            };
        }

        private void take(AccessLine line, long number) {
            var exchange = LoggedExchange.of(line, number, seed);
            RequestHead head;
            try {
                head = exchange.head();
            } catch (IllegalArgumentException impossible) {
                tally.setAside("no request: " + impossible.getMessage(), number);
                return;
            }
            var client = address(line.client());
            var known = client == null ? null : labels.isAttack(client, exchange.millis());
            request(
                    head,
                    known != null
                            ? known
                            : Heuristics.isAttack(
                                    line.status(),
                                    line.target(),
                                    !line.referer().isEmpty()),
                    line.status(),
                    line.client(),
                    exchange.millis(),
                    number);
            var key = client == null ? line.client() : key(client, line.client());
            window(exchange.arrival(key, number, events, tag(head, known)), number);
        }

        private void request(
                RequestHead head, @Nullable Boolean attack, int status, String client, long millis, long line) {
            if (attack == null) {
                tally.unlabelled();
                return;
            }
            var target = head.target();
            if (!Targets.isOriginForm(target)) {
                tally.setAside("no path in the request line", line);
                return;
            }
            builder.add(RequestKeys.of(Targets.decoded(target)), attack, () -> {
                var site = site(head);
                var path = Targets.path(target);
                // One host is one site: what an own site's fold holds out are pages, not the site.
                var group = attack ? Targets.template(target) : site + Targets.withoutNumbers(Targets.decoded(path));
                return new RequestRow(
                        Origin.of(
                                Sources.OWN,
                                file,
                                line,
                                site,
                                client,
                                "",
                                Sources.OWN + " " + group,
                                millis >= 0 ? millis : -1),
                        attack,
                        Sources.OWN_WEIGHT,
                        false,
                        head.method(),
                        target,
                        fields(head),
                        "",
                        status);
            });
        }

        private WindowRows.Tag tag(RequestHead head, @Nullable Boolean attack) {
            return WindowRows.Tag.of(Sources.OWN, file, site(head), "", Sources.OWN_WEIGHT, attack);
        }

        private void window(ClientWindows.Arrival<WindowRows.Tag> arrival, long line) {
            long millis = arrival.event().timeMillis();
            if (millis < 0 || millis > LAST_MILLIS) {
                tally.setAside("no window: timestamp is not in the years 1970 to 9999", line);
            } else if (!windows.add(arrival)) {
                tally.setAside("no window: timestamp is too far behind earlier lines; is the log sorted?", line);
            }
        }
    }

    private static @Nullable IpAddress address(String literal) {
        try {
            return IpAddress.parse(literal);
        } catch (IllegalArgumentException noAddress) {
            return null;
        }
    }

    /** What the detector counts by, as text. */
    private static String key(IpAddress address, String literal) {
        return address.isIpv4() && literal.indexOf(':') < 0
                ? literal
                : address.detectorKey().toString();
    }

    private static String site(RequestHead head) {
        var host = head.host().toLowerCase(Locale.ROOT);
        int port = host.lastIndexOf(':');
        return port > host.lastIndexOf(']') ? host.substring(0, port) : host;
    }

    private static List<String> fields(RequestHead head) {
        var fields = new ArrayList<String>(2 * head.fieldCount());
        for (int i = 0; i < head.fieldCount(); i++) {
            fields.add(head.name(i));
            fields.add(head.value(i));
        }
        return fields;
    }
}
