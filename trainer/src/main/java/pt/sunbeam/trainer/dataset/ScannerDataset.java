package pt.sunbeam.trainer.dataset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import pt.sunbeam.detector.feature.ScannerFeatures;

/**
 * The requests of a dataset as rows of the scanner's 12 features.
 *
 * <p>Every row stands in a frame drawn from one pool (see {@code Frame}), so that the label shows in the path alone.
 *
 * <p>The 12 features do not see the query. An attack whose path shows nothing, or that benign traffic has too, is therefore no example of anything:
 * it is kept for the report, not for the fit. Values of lists, attacks or not, come twice: as published, in the query, and as a segment of a benign path.
 */
public final class ScannerDataset {
    /** One client made all of CSIC's requests: few of its frames are enough. */
    private static final int CSIC_FRAMES = 16;

    private final Function<LabelledRow, Role> roles;
    private final Frames frames;
    private final SplittableRandom random;
    private final ScannerFeatures extractor = new ScannerFeatures(Set.of(Frame.CONFIGURED));
    private final RequestKeys benignPaths = new RequestKeys();
    private final Map<Role, List<String>> paths = new EnumMap<>(Role.class);
    private final List<Row> rows = new ArrayList<>();
    private int requests;

    private ScannerDataset(Function<LabelledRow, Role> roles, long seed) {
        this.roles = roles;
        frames = new Frames(seed);
        random = new SplittableRandom(seed);
    }

    /**
     * Divides a file's requests into roles and extracts their features.
     *
     * @param seed of frames and of the places of attack strings
     * @throws DatasetException if there are no benign rows or no attacks
     */
    public static Dataset of(DatasetFile file, Split split, long seed) throws IOException, DatasetException {
        var dataset = new ScannerDataset(split.roles(file), seed);
        file.forEach(RequestRow.class, dataset::learn);
        file.forEach(RequestRow.class, dataset::add);
        return dataset.finish(file);
    }

    /** What all rows need to know of the benign ones. */
    private void learn(RequestRow row) {
        if (row.attack() || row.payload()) {
            return;
        }
        var path = Targets.path(row.target());
        benignPaths.add(RequestKeys.of(Targets.decoded(path)), RequestKeys.NORMAL);
        var role = roles.apply(row);
        paths.computeIfAbsent(role, _ -> new ArrayList<>()).add(path);
        if (!row.origin().source().equals(Sources.CSIC) || row.origin().line() % CSIC_FRAMES == 1) {
            frames.offer(role, Frame.of(row));
        }
    }

    private void add(RequestRow row) {
        var source = row.attack()
                ? (row.origin().source() + " " + row.origin().family()).strip()
                : "benign " + row.origin().source();
        if (!row.payload()) {
            add(row, row.target(), source, true);
            return;
        }
        add(row, row.target(), source + ", as query", true);
        var payload = Targets.payload(row.target(), row.body());
        var pool = paths.getOrDefault(roles.apply(row), List.of());
        if (payload != null) {
            var path = pool.isEmpty() ? "/" : pool.get(random.nextInt(pool.size()));
            var placed = Targets.withPayload(path, payload, random.nextInt(1 << 16));
            if (Targets.isOriginForm(placed)) {
                // A harmless value in a path is no page that any site has: as attacks it is placed, but not fitted.
                add(row, placed, source + ", as path", row.attack());
            }
        }
    }

    private void add(RequestRow row, String target, String source, boolean fitted) {
        var role = roles.apply(row);
        var raw = new int[ScannerFeatures.COUNT];
        extractor.extract(frames.around(target, role), raw);
        boolean visible = (raw[ScannerFeatures.SUSPICIOUS_PATH_SCORE] > 0
                        || raw[ScannerFeatures.HAS_SUSPICIOUS_EXTENSION] > 0
                        || raw[ScannerFeatures.PATH_HAS_TRAVERSAL] > 0)
                && !benignPaths.contains(RequestKeys.of(Targets.decoded(Targets.path(target))), RequestKeys.NORMAL);
        rows.add(Row.of(row, raw, role, source, Integer.toString(requests++), fitted && (!row.attack() || visible)));
    }

    private Dataset finish(DatasetFile file) throws DatasetException {
        long attacks = rows.stream().filter(Row::attack).count();
        if (attacks == 0 || attacks == rows.size()) {
            throw new DatasetException("the dataset holds %,d benign requests and %,d attacks (expected: some of both)"
                    .formatted(rows.size() - attacks, attacks));
        }
        long blind = rows.stream().filter(row -> row.attack() && !row.fitted()).count();
        var notes = new ArrayList<>(file.header().notes().getOrDefault(Header.REQUESTS, List.of()));
        notes.add("Of " + attacks + " attack rows " + blind
                + " show nothing in the path (no listed segment, extension or traversal mark, or a path that benign traffic has too)."
                + " They take no part in the fit and count in every recall below.");
        return new Dataset(
                Balance.weigh(rows, row -> row.attack() ? row.source() : row.site()),
                Map.of(),
                file.header().sources().stream()
                        .filter(source -> source.requests().total() > 0)
                        .toList(),
                notes);
    }
}
