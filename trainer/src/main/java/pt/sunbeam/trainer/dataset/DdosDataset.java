package pt.sunbeam.trainer.dataset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import pt.sunbeam.detector.feature.DdosFeatures;

/**
 * The windows of a dataset as rows of the DDoS detector's features.
 *
 * <p>A benign client's day is the unit of false positives: calibration and test see each of its windows, the fit those that tell most. Fast floods of
 * fewer than 30 requests are a page being loaded, and take no part in the fit.
 *
 * <p>The public logs do not tell cookies, languages, durations and lengths; what was drawn for them is noise. Where no traffic of one's own is there that tells them, a model of the 22
 * features sees none.
 */
public final class DdosDataset {
    private static final int FITTED_WINDOWS = 24;

    /** Below this, a flood is a page being loaded. */
    private static final int FLOOD_EVENTS = 30;

    /** Milli-requests a second. */
    private static final int PEAK = 15_000;

    private static final double PEAK_WEIGHT = 3;

    /** Crowds behind one address are what a fast flood is most like. */
    private static final double CROWD_WEIGHT = 8;

    private static final int[] NOTHING = {};
    private static final int[] UNTOLD = {
        DdosFeatures.COOKIE_RATIO,
        DdosFeatures.ACCEPT_LANGUAGE_RATIO,
        DdosFeatures.AVG_DURATION_MS,
        DdosFeatures.AVG_CONTENT_LENGTH
    };

    private DdosDataset() {}

    /**
     * Divides a file's windows into roles.
     *
     * @param features the first so many of {@code AddressFeatures}
     * @param seed of the choice among a benign day's windows
     * @throws DatasetException if there are no benign windows or no attacks
     */
    public static Dataset of(int features, DatasetFile file, Split split, long seed)
            throws IOException, DatasetException {
        var roles = split.roles(file);
        var untold = features == DdosFeatures.COUNT || hasOwnTraffic(file) ? NOTHING : UNTOLD;
        var rows = new ArrayList<Row>();
        Map<String, List<WindowRow>> benignDays = new LinkedHashMap<>();
        file.forEach(WindowRow.class, window -> {
            var role = roles.apply(window);
            if (isLeftOut(window, role)) {
                return;
            }
            if (!window.attack() && (role == Role.TRAIN || role == Role.VALIDATION)) {
                benignDays
                        .computeIfAbsent(window.unit() + " " + window.origin().client(), _ -> new ArrayList<>())
                        .add(window);
            } else {
                rows.add(row(features, untold, window, role));
            }
        });
        benignDays.forEach((unit, windows) -> telling(windows, new SplittableRandom(Hash.of(unit, seed)))
                .forEach(window -> rows.add(row(features, untold, window, roles.apply(window)))));
        long attacks = rows.stream().filter(Row::attack).count();
        if (attacks == 0 || attacks == rows.size()) {
            throw new DatasetException(
                    "the dataset holds %,d benign windows and %,d of attacks (expected: some of both)"
                            .formatted(rows.size() - attacks, attacks));
        }
        return new Dataset(
                Balance.weigh(rows, DdosDataset::part),
                unjudged(file.header(), split),
                file.header().sources().stream()
                        .filter(source -> source.windows().total() > 0 || source.lines() == 0) // client tags
                        .toList(),
                file.header().notes().getOrDefault(Header.WINDOWS, List.of()));
    }

    private static boolean hasOwnTraffic(DatasetFile file) throws IOException {
        var own = new boolean[1];
        file.forEach(
                WindowRow.class, window -> own[0] |= window.origin().source().equals(Sources.OWN));
        return own[0];
    }

    /** Outages help the fit alone. */
    private static boolean isLeftOut(WindowRow window, Role role) {
        boolean fitting = role == Role.TRAIN || role == Role.VALIDATION;
        return window.origin().family().equals(PublicLogs.OUTAGE) && !fitting;
    }

    private static Row row(int features, int[] untold, WindowRow window, Role role) {
        var origin = window.origin();
        // Of kinds of people that the logs hold few of.
        boolean rare =
                origin.source().equals(Sources.SIMULATED) || origin.source().equals(WindowRows.RECORDED);
        boolean fitted = !origin.family().startsWith(Simulations.FLOOD) || window.events() >= FLOOD_EVENTS;
        var source = !window.attack()
                ? "benign " + (rare ? origin.site() : origin.source())
                : origin.family().isEmpty() ? origin.source() : origin.family();
        var raw = Arrays.copyOf(window.raw(), features);
        for (int feature : untold) {
            raw[feature] = 0;
        }
        var row = Row.of(window, raw, role, source, window.unit(), fitted);
        if (window.attack()) {
            return row;
        }
        boolean peak =
                window.raw()[DdosFeatures.REQUEST_RATE] >= PEAK / 30 || window.raw()[DdosFeatures.BURST_SCORE] >= PEAK;
        double weight = origin.site().equals(WindowRows.CROWD) ? CROWD_WEIGHT : peak || rare ? PEAK_WEIGHT : 1;
        return row.withWeight(row.weight() * weight);
    }

    private static String part(Row row) {
        if (!row.attack()) {
            return "benign";
        }
        for (var kind : Campaign.Kind.values()) {
            if (row.source().startsWith(kind.words())) {
                return kind.words();
            }
        }
        return "hostile";
    }

    private static Map<Role, Integer> unjudged(Header header, Split split) {
        var unjudged = new EnumMap<Role, Integer>(Role.class);
        for (int fold = 0; fold < Folds.COUNT; fold++) {
            boolean test = split instanceof Split.ByGroup(int heldOut) && heldOut == fold;
            header.unjudged()
                    .get(fold)
                    .forEach((role, units) -> unjudged.merge(test ? Role.TEST : role, units, Integer::sum));
        }
        return unjudged;
    }

    /** Of a benign day, the fullest windows, those of the sharpest bursts, and some at random. */
    private static List<WindowRow> telling(List<WindowRow> windows, SplittableRandom random) {
        if (windows.size() <= FITTED_WINDOWS) {
            return windows;
        }
        Set<Integer> chosen = new LinkedHashSet<>();
        for (int feature : new int[] {
            DdosFeatures.REQUEST_RATE, DdosFeatures.BURST_SCORE, DdosFeatures.ERROR_RATE, DdosFeatures.PATH_REPETITION
        }) {
            var order = new Integer[windows.size()];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, Comparator.comparingInt(i -> -windows.get(i).raw()[feature]));
            chosen.addAll(Arrays.asList(order).subList(0, FITTED_WINDOWS / 6));
        }
        while (chosen.size() < FITTED_WINDOWS) {
            chosen.add(random.nextInt(windows.size()));
        }
        return chosen.stream().map(windows::get).toList();
    }
}
