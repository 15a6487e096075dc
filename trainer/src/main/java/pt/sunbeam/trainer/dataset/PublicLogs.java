package pt.sunbeam.trainer.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.AccessLine;
import pt.sunbeam.detector.window.EventReader;
import pt.sunbeam.trainer.read.AccessLogReader;
import pt.sunbeam.trainer.read.ClientTags;
import pt.sunbeam.trainer.read.DataFile;

/**
 * The public access logs as windows.
 *
 * <p>Benign are the clients of the two large logs that no rule of thumb tags as hostile; hostile are those tagged, where enough of their requests
 * bear it out, and all lines of the scanners' logs. What lies between is used for nothing.
 */
final class PublicLogs {
    /** The family of benign windows in which the site answers 502: an outage makes nobody an attacker. */
    static final String OUTAGE = "outage";

    private static final String SCANNERS = "scanner logs";
    private static final String PROBING = "probing and brute force in logs";
    private static final Set<String> BENIGN_LOGS = Set.of("bp-gov-website", "sticker-app-api");
    private static final Set<String> SCANNER_LOGS = Set.of("scanner-acunetix", "scanner-netsparker");
    private static final Set<String> OTHER_LOGS = Set.of(
            "almhuette-joomla",
            "elastic-apache-sample",
            "geolynx-tracker",
            "geolynx-tracker-vhosts",
            "globalreport-news",
            "small-vps-2024",
            "small-vps-2024-vhosts");
    private static final Set<String> HOSTILE_TAGS = Set.of("probing", "scanner-tool-ua", "login-bruteforce");
    private static final int ONE_IN = 20;
    private static final long OUTAGE_MILLIS = 120_000;
    private static final long LATEST_OUTAGE_MILLIS = 300_000;

    private enum Label {
        BENIGN,
        HOSTILE,
        UNCLEAR
    }

    private final DatasetBuilder builder;
    private final Backgrounds backgrounds;
    private final long seed;
    private final Consumer<String> log;
    private final EventReader events;

    PublicLogs(DatasetBuilder builder, Backgrounds backgrounds, long seed, Consumer<String> log) {
        this.builder = builder;
        this.backgrounds = backgrounds;
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
        var tagFile = DataFile.find(folder, "client_summary.tsv");
        var tags = tagFile.isPresent() ? ClientTags.read(tagFile.get()) : ClientTags.none();
        if (tagFile.isEmpty()) {
            log.accept("missing: " + folder.resolve("client_summary.tsv") + "[.xz]; all clients count as untagged");
            builder.note(
                    Header.WINDOWS,
                    "No table of client tags was there: all clients of the benign logs count as benign.");
        } else {
            builder.begin(
                    tagFile.get().set(),
                    tagFile.get().storedName(),
                    tagFile.get().sha256());
        }
        for (var names : List.of(BENIGN_LOGS, SCANNER_LOGS, OTHER_LOGS)) {
            for (var name : new TreeSet<>(names)) {
                var file = DataFile.find(folder, name + ".log");
                if (file.isPresent()) {
                    new Log(file.get(), name, tags).read();
                } else {
                    log.accept("missing, left out: " + folder.resolve(name + ".log") + "[.xz]");
                    builder.note(Header.WINDOWS, "Not there and left out: access-logs/" + name + ".log.");
                }
            }
        }
    }

    private final class Log {
        private final DataFile file;
        private final String name;
        private final ClientTags tags;
        private final DatasetBuilder.Tally tally;
        private final ClientWindows<WindowRows.Tag> windows;
        private final ClientWindows<WindowRows.Tag> outages;
        private final Map<String, Long> outageStarts = new HashMap<>();
        private final Map<Label, WindowRows.Tag> known;
        private final WindowRows.Tag outage;
        private final Set<String> clients = new HashSet<>();
        private final Set<String> unclear = new HashSet<>();
        private long lines;

        Log(DataFile file, String name, ClientTags tags) throws IOException {
            this.file = file;
            this.name = name;
            this.tags = tags;
            tally = builder.begin(file.set(), file.storedName(), file.sha256());
            windows = new ClientWindows<>(new WindowRows(builder, PublicLogs::network, (_, _) -> null));
            outages = new ClientWindows<>(new WindowRows(builder, PublicLogs::network, (_, _) -> null));
            var family = SCANNER_LOGS.contains(name) ? SCANNERS : PROBING;
            known = Map.of(Label.BENIGN, tag("", false), Label.HOSTILE, tag(family, true));
            outage = tag(OUTAGE, false);
        }

        private WindowRows.Tag tag(String family, boolean attack) {
            return new WindowRows.Tag(name, file.name(), name, family, Sources.RECORDED_WEIGHT, attack);
        }

        private void read() throws IOException {
            long before = builder.rows();
            var read = AccessLogReader.read(file, this::take);
            windows.finish();
            outages.finish();
            tally.account(read);
            if (read.taken() < read.records()) {
                builder.note(
                        Header.WINDOWS,
                        "%s: %,d of %,d lines are no HTTP request in combined format and were left out."
                                .formatted(name, read.records() - read.taken(), read.records()));
            }
            if (!unclear.isEmpty()) {
                builder.note(
                        Header.WINDOWS,
                        "%s: %,d of %,d clients are neither clearly benign nor clearly hostile and were left out."
                                .formatted(name, unclear.size(), clients.size()));
            }
            log.accept("%s: %,d lines, %,d clients, %,d windows"
                    .formatted(file.name(), read.records(), clients.size(), builder.rows() - before));
        }

        private void take(AccessLine line) {
            lines++;
            clients.add(line.client());
            var label = label(line.client());
            var tag = known.get(label);
            if (tag == null) {
                unclear.add(line.client());
                return;
            }
            var exchange = LoggedExchange.of(line, lines, seed);
            windows.add(exchange.arrival(line.client(), lines, events, tag));
            if (label == Label.BENIGN) {
                backgrounds.offer(name + " " + line.client(), network(line.client()), exchange);
                var struck = struck(line.client(), exchange);
                if (struck != null) {
                    outages.add(struck.arrival(line.client(), lines, events, outage));
                }
            }
        }

        private Label label(String client) {
            if (SCANNER_LOGS.contains(name)) {
                return Label.HOSTILE;
            }
            var about = tags.of(name, client);
            if (about == null || !HOSTILE_TAGS.contains(about.tag())) {
                return BENIGN_LOGS.contains(name) ? Label.BENIGN : Label.UNCLEAR;
            }
            boolean borneOut = (about.attackLike() >= 5
                            && (about.attackLike() >= 0.2 * about.requests() || about.clientErrors() >= 0.5))
                    || about.logins() >= 100;
            return borneOut ? Label.HOSTILE : Label.UNCLEAR;
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

    /** The /16 of an IPv4 address, the /32 of an IPv6 address. */
    static String network(String client) {
        var separator = client.indexOf(':') >= 0 ? ':' : '.';
        int second = client.indexOf(separator, client.indexOf(separator) + 1);
        return second < 0 ? client : client.substring(0, second);
    }
}
