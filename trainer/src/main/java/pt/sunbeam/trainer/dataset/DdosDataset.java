package pt.sunbeam.trainer.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import pt.sunbeam.detector.audit.AccessLine;
import pt.sunbeam.detector.feature.DdosFeatures;
import pt.sunbeam.trainer.read.AccessLogReader;
import pt.sunbeam.trainer.read.ClientTags;
import pt.sunbeam.trainer.read.DataFile;

/**
 * Access logs and simulated floods as rows of the DDoS detector's 14 features.
 *
 * <p>Benign are the clients of the two large logs that no rule of thumb tags as hostile; hostile are those tagged, where enough of their requests
 * bear it out, and all lines of the scanners' logs. What lies between is used for nothing. A client's day is the unit: of benign days, half of
 * the networks (/16) and half of the days fit the model, the other networks on the other days calibrate and test it. Hostile clients are split
 * by network, simulated floods by run; three of their shapes are never fitted.
 */
public final class DdosDataset {
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
    private static final int SECONDS_A_DAY = 86_400;
    private static final int RUNS_A_SHAPE = 100;
    private static final int FITTED_WINDOWS = 24;
    private static final int HOSTILE_WINDOWS = 60;
    private static final int BACKGROUNDS = 400;

    /** Below this, a flood is a page being loaded. */
    private static final int FLOOD_EVENTS = 30;

    private static final int FIRST_MILLIS = 2_000;

    /** Milli-requests a second. */
    private static final int PEAK = 15_000;

    private static final double PEAK_WEIGHT = 3;

    private enum Label {
        BENIGN,
        HOSTILE,
        UNCLEAR
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Window(int event, int size, int[] raw) {}

    private final long seed;
    private final int runs;
    private final Consumer<String> log;
    private final List<Row> rows = new ArrayList<>();
    private final List<DataFile> files = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<Fold, Integer> unjudged = new EnumMap<>(Fold.class);
    private final Map<Fold, List<List<Exchange>>> backgrounds = new EnumMap<>(Fold.class);

    private DdosDataset(long seed, int runs, Consumer<String> log) {
        this.seed = seed;
        this.runs = runs;
        this.log = log;
    }

    /**
     * Reads what is there of {@code access-logs} below a folder, and simulates floods.
     *
     * @throws DatasetException if none of the benign logs is there
     * @throws pt.sunbeam.trainer.read.DataException if a file is broken
     */
    public static Dataset read(Path data, long seed, Consumer<String> log) throws IOException, DatasetException {
        return read(data, seed, RUNS_A_SHAPE, log);
    }

    /** The same with as many simulated runs of each shape as said. */
    public static Dataset read(Path data, long seed, int runs, Consumer<String> log)
            throws IOException, DatasetException {
        return new DdosDataset(seed, runs, log).read(data);
    }

    private Dataset read(Path data) throws IOException, DatasetException {
        var folder = data.resolve("access-logs");
        var tagFile = DataFile.find(folder, "client_summary.tsv");
        var tags = tagFile.isPresent() ? ClientTags.read(tagFile.get()) : ClientTags.none();
        if (tagFile.isEmpty() && Files.isDirectory(folder)) {
            log.accept("missing: " + folder.resolve("client_summary.tsv") + "[.xz]; all clients count as untagged");
            notes.add("No table of client tags was there: all clients of the benign logs count as benign.");
        }
        tagFile.ifPresent(files::add);
        for (var names : List.of(BENIGN_LOGS, SCANNER_LOGS, OTHER_LOGS)) {
            for (var name : new TreeSet<>(names)) {
                var file = DataFile.find(folder, name + ".log");
                if (file.isPresent()) {
                    readLog(file.get(), name, tags);
                } else {
                    log.accept("missing, left out: " + folder.resolve(name + ".log") + "[.xz]");
                    notes.add("Not there and left out: access-logs/" + name + ".log.");
                }
            }
        }
        if (rows.stream().allMatch(Row::attack)) {
            throw new DatasetException(
                    folder + ": no benign traffic (expected: bp-gov-website.log[.xz] or sticker-app-api.log[.xz])");
        }
        simulate();
        return new Dataset(weighted(), unjudged, files, notes);
    }

    private void readLog(DataFile file, String name, ClientTags tags) throws IOException {
        var days = new LinkedHashMap<String, Map<Long, List<AccessLine>>>();
        var dates = new TreeSet<Long>();
        var account = AccessLogReader.read(file, line -> {
            long day = line.second() / SECONDS_A_DAY;
            dates.add(day);
            days.computeIfAbsent(line.client(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(day, _ -> new ArrayList<>())
                    .add(line);
        });
        if (account.taken() < account.records()) {
            notes.add("%s: %,d of %,d lines are no HTTP request in combined format and were left out."
                    .formatted(name, account.records() - account.taken(), account.records()));
        }
        files.add(file);
        var order = List.copyOf(dates);
        int before = rows.size();
        var unclear = new TreeSet<String>();
        days.forEach((client, byDay) -> {
            var label = label(name, client, tags);
            if (label == Label.UNCLEAR) {
                unclear.add(client);
            } else {
                byDay.forEach((day, lines) -> readDay(name, client, label, order.indexOf(day), lines));
            }
        });
        if (!unclear.isEmpty()) {
            notes.add("%s: %,d of %,d clients are neither clearly benign nor clearly hostile and were left out."
                    .formatted(name, unclear.size(), days.size()));
        }
        log.accept("%s: %,d lines, %,d clients, %,d windows"
                .formatted(file.name(), account.records(), days.size(), rows.size() - before));
    }

    private static Label label(String log, String client, ClientTags tags) {
        if (SCANNER_LOGS.contains(log)) {
            return Label.HOSTILE;
        }
        var known = tags.of(log, client);
        if (known == null || !HOSTILE_TAGS.contains(known.tag())) {
            return BENIGN_LOGS.contains(log) ? Label.BENIGN : Label.UNCLEAR;
        }
        boolean borneOut = (known.attackLike() >= 5
                        && (known.attackLike() >= 0.2 * known.requests() || known.clientErrors() >= 0.5))
                || known.logins() >= 100;
        return borneOut ? Label.HOSTILE : Label.UNCLEAR;
    }

    /** Every fourth day calibrates, every fourth tests. */
    private void readDay(String name, String client, Label label, int day, List<AccessLine> lines) {
        var network = network(client);
        var unit = name + " " + client + " " + day;
        var random = new SplittableRandom(Hash.of(unit, seed));
        if (label == Label.HOSTILE) {
            var windows = windows(LoggedClient.exchanges(lines, random));
            var source = SCANNER_LOGS.contains(name) ? "scanner logs" : "probing and brute force in logs";
            for (var window : spread(windows, HOSTILE_WINDOWS)) {
                rows.add(new Row(window.raw(), true, 1, Fold.of(network, seed), source, unit, network, true));
            }
            return;
        }
        boolean fitting = Math.floorMod(Hash.of(network, seed), 2) == 0;
        int quarter = day % 4;
        if (fitting != quarter < 2) {
            return;
        }
        var fold = fitting
                ? Math.floorMod(Hash.of(network, seed + 1), 6) == 0 ? Fold.VALIDATION : Fold.TRAIN
                : quarter == 2 ? Fold.CALIBRATION : Fold.TEST;
        var exchanges = LoggedClient.exchanges(lines, random);
        if (fitting) {
            exchanges = LoggedClient.withOutages(exchanges, random);
        }
        var pool = backgrounds.computeIfAbsent(fold, _ -> new ArrayList<>());
        if (exchanges.size() >= 5 && pool.size() < BACKGROUNDS) {
            pool.add(exchanges.size() > 500 ? List.copyOf(exchanges.subList(0, 500)) : exchanges);
        }
        var windows = windows(exchanges);
        if (windows.isEmpty()) {
            unjudged.merge(fold, 1, Integer::sum);
        }
        for (var window : fitting ? telling(windows, random) : windows) {
            boolean peak = window.raw()[DdosFeatures.REQUEST_RATE] >= PEAK / 30
                    || window.raw()[DdosFeatures.BURST_SCORE] >= PEAK;
            rows.add(new Row(window.raw(), false, peak ? PEAK_WEIGHT : 1, fold, "benign " + name, unit, network, true));
        }
    }

    private List<Window> windows(List<Exchange> exchanges) {
        var windows = new ArrayList<Window>();
        WindowReplay.play(exchanges, seed, (event, size, raw) -> windows.add(new Window(event, size, raw)));
        return windows;
    }

    /** Of a benign day, the fullest windows, those of the sharpest bursts, and some at random. */
    private static List<Window> telling(List<Window> windows, SplittableRandom random) {
        if (windows.size() <= FITTED_WINDOWS) {
            return windows;
        }
        var chosen = new LinkedHashMap<Integer, Window>();
        for (int feature : new int[] {
            DdosFeatures.REQUEST_RATE, DdosFeatures.BURST_SCORE, DdosFeatures.ERROR_RATE, DdosFeatures.PATH_REPETITION
        }) {
            windows.stream()
                    .sorted((a, b) -> Integer.compare(b.raw()[feature], a.raw()[feature]))
                    .limit(FITTED_WINDOWS / 6)
                    .forEach(window -> chosen.put(window.event(), window));
        }
        while (chosen.size() < FITTED_WINDOWS) {
            var window = windows.get(random.nextInt(windows.size()));
            chosen.put(window.event(), window);
        }
        return List.copyOf(chosen.values());
    }

    private static List<Window> spread(List<Window> windows, int count) {
        if (windows.size() <= count) {
            return windows;
        }
        var chosen = new ArrayList<Window>();
        for (int i = 0; i < count; i++) {
            chosen.add(windows.get((int) ((long) i * windows.size() / count)));
        }
        return chosen;
    }

    private void simulate() {
        var simulator = new FloodSimulator(seed);
        var random = new SplittableRandom(seed);
        int before = rows.size();
        for (var shape : FloodSimulator.Shape.values()) {
            for (int run = 0; run < runs; run++) {
                var unit = "flood " + shape + " " + run;
                var fold = shape.heldOut ? Fold.TEST : Fold.of(unit, seed);
                var pool = backgrounds.getOrDefault(fold, List.of());
                var background = pool.isEmpty() ? List.<Exchange>of() : pool.get(random.nextInt(pool.size()));
                flood(simulator.flood(shape, background), shape, fold, unit);
            }
        }
        var polite = new PoliteSimulator(seed);
        for (var shape : PoliteSimulator.Shape.values()) {
            for (int run = 0; run < runs; run++) {
                var unit = "simulated " + shape + " " + run;
                var source = "benign simulated " + shape.name().toLowerCase(Locale.ROOT);
                var fold = Fold.of(unit, seed);
                for (var window : spread(windows(polite.client(shape)), HOSTILE_WINDOWS)) {
                    rows.add(new Row(window.raw(), false, PEAK_WEIGHT, fold, source, unit, unit, true));
                }
            }
        }
        log.accept("simulated floods: %,d runs of %d shapes, %,d windows"
                .formatted(
                        runs * FloodSimulator.Shape.values().length,
                        FloodSimulator.Shape.values().length,
                        rows.size() - before));
        notes.add(
                "Floods are simulated: single URL, rotating pages, cache busting, missing paths, a ramp, posts; and, only in the test fold,"
                        + " pulses, rotating agents and mixed methods. One flood in four of the other shapes posts. 20 to 2,000 requests a second. Real floods may differ.");
        notes.add(
                "Pollers of one to three URLs (up to 5 requests a second) and pages of up to 120 parts fetched at once are simulated as"
                        + " benign clients beside those of the logs.");
        notes.add(
                "Access logs hold no cookies, languages, bodies or durations: these are drawn from one distribution for both labels, so that"
                        + " features 4, 8, 10 and 12 say nothing by construction. One benign client in twenty of the fit meets an outage of two minutes.");
    }

    /** Windows at growing distances: the beginning of a flood counts most. */
    private void flood(List<Exchange> exchanges, FloodSimulator.Shape shape, Fold fold, String unit) {
        var windows = windows(exchanges);
        long start = exchanges.getFirst().millis();
        double next = 0;
        for (var window : windows) {
            if (window.event() < next) {
                continue;
            }
            next = Math.max(window.event() + 1, window.event() * 1.15);
            boolean first = exchanges.get(window.event()).millis() - start <= FIRST_MILLIS;
            var source = "flood " + shape.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                    + (first ? ", first 2 s" : ", later");
            boolean fitted = window.size() >= FLOOD_EVENTS;
            rows.add(new Row(window.raw(), true, fitted ? 1 : 0, fold, source, unit, unit, fitted));
        }
    }

    /** Benign rows together weigh as much as attacks; floods as much as hostile clients of logs. */
    private List<Row> weighted() {
        var totals = new HashMap<String, Double>();
        var folds = new EnumMap<Fold, Integer>(Fold.class);
        for (var row : rows) {
            totals.merge(kind(row), row.weight(), Double::sum);
            folds.merge(row.fold(), row.fitted() ? 1 : 0, Integer::sum);
        }
        return rows.stream()
                .map(row -> row.withWeight(row.weight()
                        * folds.getOrDefault(row.fold(), 0)
                        * (row.attack() ? 0.25 : 0.5)
                        / Math.max(1e-9, totals.getOrDefault(kind(row), 1.0))))
                .toList();
    }

    private static String kind(Row row) {
        return row.fold() + (row.attack() ? row.source().startsWith("flood") ? " flood" : " hostile" : " benign");
    }

    /** The /16 of an IPv4 address, the /32 of an IPv6 address. */
    private static String network(String client) {
        var separator = client.indexOf(':') >= 0 ? ':' : '.';
        int second = client.indexOf(separator, client.indexOf(separator) + 1);
        return second < 0 ? client : client.substring(0, second);
    }
}
