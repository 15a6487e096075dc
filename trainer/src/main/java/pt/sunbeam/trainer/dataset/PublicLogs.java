package pt.sunbeam.trainer.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.window.EventReader;
import pt.sunbeam.trainer.read.DataFile;

/** The public access logs as windows, labelled by {@link ClientRule}, and the campaigns that were laid over them. */
final class PublicLogs {
    /** The family of benign windows in which the site answers 502: an outage makes nobody an attacker. */
    static final String OUTAGE = "outage";

    private static final String SCANNERS = "scanner logs";
    private static final String PROBING = "probing and brute force in logs";
    private static final int ENOUGH_CLIENTS = 50;
    private static final int ONE_IN = 20;
    private static final long OUTAGE_MILLIS = 120_000;
    private static final long LATEST_OUTAGE_MILLIS = 300_000;

    private final DatasetBuilder builder;
    private final Backgrounds backgrounds;
    private final Recordings recordings;
    private final long seed;
    private final Consumer<String> log;
    private final EventReader events;

    PublicLogs(
            DatasetBuilder builder, Backgrounds backgrounds, Recordings recordings, long seed, Consumer<String> log) {
        this.builder = builder;
        this.backgrounds = backgrounds;
        this.recordings = recordings;
        this.seed = seed;
        this.log = log;
        events = new EventReader(seed);
    }

    /** Reads what is there of a folder. */
    void read(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            log.accept("missing, left out: " + folder);
            return;
        }
        var found = AccessLogs.find(folder, log);
        if (found.tags().isEmpty()) {
            builder.note(
                    Header.WINDOWS,
                    "No table of client tags was there: all clients of the benign logs count as benign.");
        } else {
            begin(found.tags().get());
        }
        for (var recording : recordings.files()) {
            begin(recording);
        }
        for (var its : found.logs()) {
            new Log(its, found.rule()).read();
        }
        found.missing()
                .forEach(name -> builder.note(Header.WINDOWS, "Not there and left out: access-logs/" + name + ".log."));
    }

    private DatasetBuilder.Tally begin(DataFile file) throws IOException {
        return builder.begin(file.set(), file.storedName(), file.sha256());
    }

    private final class Log {
        private final AccessLogs.Log its;
        private final OverlaidLog lines;
        private final DatasetBuilder.Tally tally;
        private final ClientWindows<WindowRows.Tag> windows;
        private final ClientWindows<WindowRows.Tag> outages;
        private final Map<String, Long> outageStarts = new HashMap<>();
        private final Map<ClientRule.Label, WindowRows.Tag> known;
        private final WindowRows.Tag outage;
        private final Map<String, WindowRows.Tag> campaigns = new HashMap<>();
        private final Set<String> clients = new HashSet<>();
        private final Set<String> unclear = new HashSet<>();
        private int laid;

        Log(AccessLogs.Log its, ClientRule rule) throws IOException {
            this.its = its;
            lines = new OverlaidLog(its, rule, recordings, seed);
            tally = begin(its.file());
            windows = new ClientWindows<>(new WindowRows(builder, PublicLogs::network, (_, _) -> null));
            outages = new ClientWindows<>(new WindowRows(builder, PublicLogs::network, (_, _) -> null));
            known = Map.of(
                    ClientRule.Label.BENIGN, tag("", false), ClientRule.Label.HOSTILE, tag(family(its.name()), true));
            outage = tag(OUTAGE, false);
        }

        private WindowRows.Tag tag(String family, boolean attack) {
            return WindowRows.Tag.of(
                    its.name(), its.file().name(), its.name(), family, Sources.RECORDED_WEIGHT, attack);
        }

        private void read() throws IOException {
            long before = builder.rows();
            var read = lines.read(this::take);
            windows.finish();
            outages.finish();
            tally.account(read);
            if (read.taken() < read.records()) {
                builder.note(
                        Header.WINDOWS,
                        "%s: %,d of %,d lines are no HTTP request in combined format and were left out."
                                .formatted(its.name(), read.records() - read.taken(), read.records()));
            }
            if (!unclear.isEmpty()) {
                builder.note(
                        Header.WINDOWS,
                        "%s: %,d of %,d clients are neither clearly benign nor clearly hostile and were left out."
                                .formatted(its.name(), unclear.size(), clients.size()));
            }
            if (laid > 0) {
                builder.note(
                        Header.WINDOWS,
                        "%s: recorded campaigns were laid over it %,d times; their windows are counted with its own."
                                .formatted(its.name(), laid));
            }
            log.accept("%s: %,d lines, %,d clients, %,d windows"
                    .formatted(its.file().name(), read.records(), clients.size(), builder.rows() - before));
        }

        private void take(OverlaidLog.Sender sender, Exchange exchange, long id) {
            if (sender.laid() != null) {
                laid = Math.max(laid, sender.laid().number());
                windows.add(exchange.arrival(sender.address(), id, events, tag(sender.laid(), sender.address())));
                return;
            }
            var client = sender.address();
            clients.add(client);
            var tag = known.get(sender.label());
            if (tag == null) {
                unclear.add(client);
                return;
            }
            windows.add(exchange.arrival(client, id, events, tag));
            if (sender.label() == ClientRule.Label.BENIGN) {
                backgrounds.offer(its.name() + " " + client, network(client), exchange);
                var struck = struck(client, exchange);
                if (struck != null) {
                    outages.add(struck.arrival(client, id, events, outage));
                }
            }
        }

        /** Of a campaign with many addresses some give rows: they are much alike. */
        private WindowRows.Tag tag(Overlay.Laid laying, String client) {
            var campaign = laying.campaign();
            var tag = campaigns.computeIfAbsent(campaign.name(), _ -> WindowRows.Tag.of(campaign));
            int every = 1 + campaign.clients() / ENOUGH_CLIENTS;
            return Math.floorMod(Hash.of(client, seed), every) == 0 ? tag : tag.unlabelled();
        }

        /** For one client's day in twenty, the exchange as it is when an outage of two minutes begins soon after the day's first request. */
        private @Nullable Exchange struck(String client, Exchange exchange) {
            var day = client + " " + Math.floorDiv(exchange.millis(), ClientWindows.DAY_MILLIS);
            int chance = Hash.of(day, seed);
            if (Math.floorMod(chance, ONE_IN) != 0) {
                return null;
            }
            long start = outageStarts.computeIfAbsent(
                    day, _ -> exchange.millis() + new SplittableRandom(chance).nextLong(LATEST_OUTAGE_MILLIS));
            boolean out = exchange.millis() >= start && exchange.millis() < start + OUTAGE_MILLIS;
            return out ? exchange.answered(502) : exchange;
        }
    }

    /** Of the hostile clients of a log. */
    static String family(String log) {
        return ClientRule.SCANNER_LOGS.contains(log) ? SCANNERS : PROBING;
    }

    /** The /16 of an IPv4 address, the /32 of an IPv6 address. */
    static String network(String client) {
        var separator = client.indexOf(':') >= 0 ? ':' : '.';
        int second = client.indexOf(separator, client.indexOf(separator) + 1);
        return second < 0 ? client : client.substring(0, second);
    }
}
