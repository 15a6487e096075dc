package pt.sunbeam.trainer.dataset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The requests of a dataset as rows of the features that a fitted lexicon gives.
 *
 * <p>All rows but those of the test set the blocking point, and a share of them fits tree and perceptron. Payloads come as published, in a bare
 * request, and set into a benign request of the same side; those of the test in each place of one.
 */
public final class ScanDataset {
    /** In {@code source}, before the place that a payload of the test was set into. */
    public static final String IN = ", in ";

    /** In {@code source}, of benign requests of the test without their header fields. */
    public static final String BARE = ", bare";

    private static final List<Placement> PLACES = List.of(Placement.values());
    private static final int FRAMES = 2_000;
    private static final long FIT_SALT = 0x73756e6265616d33L;
    private static final int STOPPING_PERCENT = 25;

    /** Of the attacks one in so many takes part in fit and calibration; of the benign rows all in the calibration, one in so many in the fit. */
    private static final int ATTACKS_SPARED = 4;

    private static final int BENIGN_SPARED = 3;

    private final Function<LabelledRow, Role> roles;
    private final BiFunction<RequestRow, WireRequest, int[]> features;
    private final Predicate<RequestRow> taught;
    private final SplittableRandom random;
    private final Map<Role, List<RequestRow>> frames = new EnumMap<>(Role.class);
    private final Map<Role, Integer> offered = new EnumMap<>(Role.class);
    private final List<Row> rows = new ArrayList<>();
    private int units;

    private ScanDataset(
            Function<LabelledRow, Role> roles,
            BiFunction<RequestRow, WireRequest, int[]> features,
            Predicate<RequestRow> taught,
            long seed) {
        this.roles = roles;
        this.features = features;
        this.taught = taught;
        random = new SplittableRandom(seed);
    }

    /**
     * Extracts the features of a file's requests.
     *
     * @param features of a row's request, from a lexicon that has not seen the row's group
     * @param taught which attacks take part in the fit; the others are for the report
     * @throws DatasetException if there are no benign rows or no attacks
     */
    public static Dataset of(
            DatasetFile file,
            Split split,
            BiFunction<RequestRow, WireRequest, int[]> features,
            Predicate<RequestRow> taught,
            long seed)
            throws IOException, DatasetException {
        var dataset = new ScanDataset(split.roles(file), features, taught, seed);
        file.forEach(RequestRow.class, dataset::offer);
        file.forEach(RequestRow.class, dataset::add);
        return dataset.finish(file);
    }

    private static boolean isRecorded(RequestRow row) {
        return !row.attack()
                && !row.payload()
                && !row.origin().source().equals(Sources.CSIC)
                && !row.fields().isEmpty();
    }

    private Role side(RequestRow row) {
        return roles.apply(row) == Role.TEST ? Role.TEST : Role.CALIBRATION;
    }

    /** Reservoir sampling (Vitter 1985, algorithm R). */
    private void offer(RequestRow row) {
        if (!isRecorded(row)) {
            return;
        }
        var role = side(row);
        var pool = frames.computeIfAbsent(role, _ -> new ArrayList<>());
        int seen = offered.merge(role, 1, Integer::sum);
        if (pool.size() < FRAMES) {
            pool.add(row);
        } else {
            int slot = random.nextInt(seen);
            if (slot < FRAMES) {
                pool.set(slot, row);
            }
        }
    }

    private void add(RequestRow row) {
        var role = side(row);
        if (role != Role.TEST && row.attack() && (!taught.test(row) || random.nextInt(ATTACKS_SPARED) != 0)) {
            return;
        }
        var origin = row.origin();
        var source = row.attack() ? (origin.source() + " " + origin.family()).strip() : "benign " + origin.source();
        add(row, role, WireRequest.of(row), source);
        if (isRecorded(row) && role == Role.TEST) {
            add(row, role, WireRequest.withoutEnvelope(row), source + BARE);
        }
        if (!row.attack() || !row.payload()) {
            return;
        }
        var pool = frames.getOrDefault(role, List.of());
        if (pool.isEmpty()) {
            return;
        }
        boolean everywhere = role == Role.TEST && origin.source().equals("open-appsec");
        var drawn = PLACES.get(random.nextInt(PLACES.size()));
        for (var place : PLACES) {
            if (everywhere || place == drawn) {
                var request = place.place(row, pool.get(random.nextInt(pool.size())), random.nextInt(1 << 16));
                if (request != null) {
                    add(row, role, request, source + IN + place.word());
                }
            }
        }
    }

    private void add(RequestRow row, Role role, WireRequest request, String source) {
        var raw = features.apply(row, request);
        var unit = Integer.toString(units++);
        boolean fitted = !row.attack() || taught.test(row);
        rows.add(Row.of(row, raw, role, source, unit, fitted));
        if (role == Role.CALIBRATION && (row.attack() || random.nextInt(BENIGN_SPARED) == 0)) {
            boolean stops = Math.floorMod(Hash.of(row.origin().group(), FIT_SALT), 100) < STOPPING_PERCENT;
            rows.add(Row.of(row, raw, stops ? Role.VALIDATION : Role.TRAIN, source, unit, fitted));
        }
    }

    private Dataset finish(DatasetFile file) throws DatasetException {
        long attacks = rows.stream().filter(Row::attack).count();
        if (attacks == 0 || attacks == rows.size()) {
            throw new DatasetException(
                    "the dataset holds %,d benign rows and %,d attacks for calibration and test (expected: some of both)"
                            .formatted(rows.size() - attacks, attacks));
        }
        return new Dataset(
                Balance.weigh(rows, row -> row.attack() ? row.source() : row.site()),
                Map.of(),
                file.header().sources().stream()
                        .filter(source -> source.requests().total() > 0)
                        .toList(),
                file.header().notes().getOrDefault(Header.REQUESTS, List.of()));
    }
}
