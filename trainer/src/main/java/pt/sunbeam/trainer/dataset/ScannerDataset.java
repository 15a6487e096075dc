package pt.sunbeam.trainer.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.feature.ScannerFeatures;
import pt.sunbeam.trainer.read.CsicReader;
import pt.sunbeam.trainer.read.DataFile;
import pt.sunbeam.trainer.read.JsonLines;
import pt.sunbeam.trainer.read.RecordedRequest;

/**
 * Requests of CSIC 2010, open-appsec and the nuclei probes as rows of the scanner's 12 features.
 *
 * <p>Rows are de-duplicated by decoded target (for CSIC with the parameters of a form) over all sets, whatever the method; a target that is benign anywhere is no attack. Benign rows are split by
 * site, attacks by template. Every row stands in a frame drawn from one pool (see {@code Frame}), so that the label shows in the path alone.
 *
 * <p>The 12 features do not see the query. An attack whose path shows nothing is therefore no example of anything: it is kept for the report,
 * not for the fit. Payloads of open-appsec, published as a query parameter, come twice: as published, and as a segment of a benign path.
 */
public final class ScannerDataset {
    private static final double HEAVIEST_OVER_MEAN = 20;

    /** One client made all of CSIC's requests: few of its frames are enough. */
    private static final int CSIC_FRAMES = 16;

    private record Benign(String method, String target, String site) {}

    private record Attack(String target, String source, String group) {}

    private final long seed;
    private final Consumer<String> log;
    private final Frames frames;
    private final List<Benign> benign = new ArrayList<>();
    private final Set<String> benignKeys = new HashSet<>();
    private final Set<String> benignPaths = new HashSet<>();
    private final List<DataFile> files = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int requests;

    private ScannerDataset(long seed, Consumer<String> log) {
        this.seed = seed;
        this.log = log;
        frames = new Frames(seed);
    }

    /**
     * Reads what is there of {@code csic2010}, {@code waf-comparison} and {@code nuclei-probes} below a folder.
     *
     * @param log takes a line for each set read or missing
     * @throws DatasetException if no benign or no attack rows remain
     * @throws pt.sunbeam.trainer.read.DataException if a file is broken
     */
    public static Dataset read(Path data, long seed, Consumer<String> log) throws IOException, DatasetException {
        return new ScannerDataset(seed, log).read(data);
    }

    private Dataset read(Path data) throws IOException, DatasetException {
        readBenign(data);
        if (benign.isEmpty()) {
            throw new DatasetException(data
                    + ": no benign requests (expected: csic2010/normalTrafficTraining.txt[.xz], csic2010/normalTrafficTest.txt[.xz]"
                    + " or waf-comparison/legitimate.jsonl[.xz])");
        }
        var rows = new ArrayList<Row>();
        var extractor = new ScannerFeatures(Set.of(Frame.CONFIGURED));
        for (var request : benign) {
            var fold = Fold.of(request.site(), seed);
            var source = request.site().equals("csic2010") ? "csic2010" : "open-appsec";
            rows.add(row(extractor, request.target(), false, fold, "benign " + source, request.site(), true));
        }
        int benignRows = rows.size();
        readAttacks(data, extractor, rows);
        if (rows.size() == benignRows) {
            throw new DatasetException(data
                    + ": no attacks (expected: csic2010/anomalousTrafficTest.txt[.xz], waf-comparison/malicious.jsonl[.xz]"
                    + " or nuclei-probes/nuclei_probes.jsonl[.xz])");
        }
        return new Dataset(weighted(rows), Map.of(), files, notes);
    }

    private void readBenign(Path data) throws IOException {
        for (var name : List.of("normalTrafficTraining.txt", "normalTrafficTest.txt")) {
            var file = find(data, "csic2010", name);
            if (file.isPresent()) {
                int before = benign.size();
                CsicReader.read(file.get(), "csic2010", request -> {
                    if (request.line() % CSIC_FRAMES == 1) {
                        frames.offer(Fold.of(request.group(), seed), Frame.of(request));
                    }
                    addBenign(request);
                });
                log.accept(file.get().name() + ": " + (benign.size() - before) + " different benign requests");
            }
        }
        var file = find(data, "waf-comparison", "legitimate.jsonl");
        if (file.isPresent()) {
            int before = benign.size();
            JsonLines.openAppsec(file.get(), "site", request -> {
                frames.offer(Fold.of(request.group(), seed), Frame.of(request));
                addBenign(request);
            });
            log.accept(file.get().name() + ": " + (benign.size() - before) + " different benign requests");
        }
    }

    private void addBenign(RecordedRequest request) {
        var target = Targets.origin(request.target());
        if (Targets.isOriginForm(target) && benignKeys.add(key(request, target))) {
            benign.add(new Benign(request.method(), target, request.group()));
            benignPaths.add(Targets.decoded(Targets.path(target)));
        }
    }

    /** Method, decoded target, and body: CSIC's parameters stand in the body of a POST. */
    private static String key(RecordedRequest request, String target) {
        boolean form = request.group().startsWith("csic2010") && !request.body().isEmpty();
        return Targets.decoded(form ? target + "?" + request.body() : target);
    }

    private void readAttacks(Path data, ScannerFeatures extractor, List<Row> rows) throws IOException {
        var seen = new HashSet<String>();
        var attacks = new ArrayList<Attack>();
        var csic = find(data, "csic2010", "anomalousTrafficTest.txt");
        if (csic.isPresent()) {
            int[] known = new int[1];
            CsicReader.read(csic.get(), "csic2010 anomalous", request -> {
                var target = Targets.origin(request.target());
                var key = key(request, target);
                if (benignKeys.contains(key)) {
                    known[0]++;
                } else if (Targets.isOriginForm(target) && seen.add(key)) {
                    attacks.add(new Attack(target, "csic2010 anomalous", Targets.template(key)));
                }
            });
            log.accept(csic.get().name() + ": " + attacks.size() + " different anomalous requests");
            notes.add("CSIC 2010 anomalous: " + known[0]
                    + " requests dropped whose path and parameters are also normal. What is left holds harmless typing errors as well,"
                    + " nearly all of it in parameters, which the 12 features do not see.");
        }
        var nuclei = find(data, "nuclei-probes", "nuclei_probes.jsonl");
        if (nuclei.isPresent()) {
            int before = attacks.size();
            JsonLines.nuclei(nuclei.get(), request -> {
                var target = Targets.origin(request.target());
                var key = Targets.decoded(target);
                if (Targets.isOriginForm(target) && !benignKeys.contains(key) && seen.add(key)) {
                    attacks.add(new Attack(target, "nuclei probes", request.group()));
                }
            });
            log.accept(nuclei.get().name() + ": " + (attacks.size() - before) + " different probes");
        }
        for (var attack : attacks) {
            rows.add(attack(extractor, attack.target(), attack.source(), attack.group()));
        }
        var payloads = find(data, "waf-comparison", "malicious.jsonl");
        if (payloads.isPresent()) {
            int before = seen.size();
            var random = new SplittableRandom(seed);
            var paths = benignPathsByFold();
            JsonLines.openAppsec(payloads.get(), "class", request -> {
                var payload = payload(request);
                if (payload != null && seen.add(Targets.decoded(payload))) {
                    addPayload(extractor, payload, request, random, paths, rows);
                }
            });
            log.accept(payloads.get().name() + ": " + (seen.size() - before) + " different payloads");
        }
        if (csic.isPresent() || nuclei.isPresent() || payloads.isPresent()) {
            long blind =
                    rows.stream().filter(row -> row.attack() && !row.fitted()).count();
            long all = rows.stream().filter(Row::attack).count();
            notes.add("Of " + all + " attack rows " + blind
                    + " show nothing in the path (no listed segment, extension or traversal mark, or a path that benign traffic has too)."
                    + " They take no part in the fit and count in every recall below.");
        }
    }

    private void addPayload(
            ScannerFeatures extractor,
            String payload,
            RecordedRequest request,
            SplittableRandom random,
            Map<Fold, List<String>> paths,
            List<Row> rows) {
        var group = request.group() + " " + Targets.template(payload);
        var published = attack(extractor, "/?p=" + payload, "open-appsec " + request.group() + ", as query", group);
        rows.add(published);
        var pool = paths.getOrDefault(published.fold(), List.of("/"));
        var path = pool.get(random.nextInt(pool.size()));
        var placed = Targets.withPayload(path, payload, random.nextInt(1 << 16));
        if (Targets.isOriginForm(placed)) {
            rows.add(attack(extractor, placed, "open-appsec " + request.group() + ", as path", group));
        }
    }

    /** The value of p, which is the whole payload; null for a row of another shape. */
    private static @Nullable String payload(RecordedRequest request) {
        var text = request.target().startsWith("/?p=") ? request.target().substring(4) : request.body();
        return request.target().startsWith("/?p=") ? text : text.startsWith("p=") ? text.substring(2) : null;
    }

    private Map<Fold, List<String>> benignPathsByFold() {
        return benign.stream()
                .collect(Collectors.groupingBy(
                        request -> Fold.of(request.site(), seed),
                        TreeMap::new,
                        Collectors.mapping(request -> Targets.path(request.target()), Collectors.toList())));
    }

    private Row attack(ScannerFeatures extractor, String target, String source, String group) {
        var row = row(extractor, target, true, Fold.of(group, seed), source, group, true);
        boolean visible = (row.raw()[ScannerFeatures.SUSPICIOUS_PATH_SCORE] > 0
                        || row.raw()[ScannerFeatures.HAS_SUSPICIOUS_EXTENSION] > 0
                        || row.raw()[ScannerFeatures.PATH_HAS_TRAVERSAL] > 0)
                && !benignPaths.contains(Targets.decoded(Targets.path(target)));
        return visible ? row : new Row(row.raw(), true, 0, row.fold(), row.source(), row.unit(), row.group(), false);
    }

    private Row row(
            ScannerFeatures extractor,
            String target,
            boolean attack,
            Fold fold,
            String source,
            String group,
            boolean fitted) {
        var raw = new int[ScannerFeatures.COUNT];
        extractor.extract(frames.around(target, fold), raw);
        return new Row(raw, attack, 1, fold, source, Integer.toString(requests++), group, fitted);
    }

    /** Each benign site weighs the same, each attack source the same; both classes together the same; no row more than 20 times the mean. */
    private static List<Row> weighted(List<Row> rows) {
        var folds = new EnumMap<Fold, Integer>(Fold.class);
        var sizes = new HashMap<String, Integer>();
        var keys = new HashMap<String, Set<String>>();
        for (var row : rows) {
            if (row.fitted()) {
                folds.merge(row.fold(), 1, Integer::sum);
                sizes.merge(part(row), 1, Integer::sum);
                keys.computeIfAbsent(side(row), _ -> new HashSet<>()).add(part(row));
            }
        }
        return rows.stream()
                .map(row -> row.fitted()
                        ? row.withWeight(Math.min(
                                HEAVIEST_OVER_MEAN,
                                folds.getOrDefault(row.fold(), 0)
                                        / 2.0
                                        / keys.getOrDefault(side(row), Set.of()).size()
                                        / sizes.getOrDefault(part(row), 1)))
                        : row)
                .toList();
    }

    private static String side(Row row) {
        return row.fold() + (row.attack() ? " attack" : " benign");
    }

    private static String part(Row row) {
        return side(row) + " " + (row.attack() ? row.source() : row.group());
    }

    private Optional<DataFile> find(Path data, String set, String name) {
        var file = DataFile.find(data.resolve(set), name);
        if (file.isEmpty()) {
            log.accept("missing, left out: " + data.resolve(set).resolve(name) + "[.xz]");
            notes.add("Not there and left out: " + set + "/" + name + ".");
        }
        file.ifPresent(files::add);
        return file;
    }
}
