package pt.sunbeam.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.codegen.Codegen;
import pt.sunbeam.codegen.Evaluator;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Model.Tree;
import pt.sunbeam.codegen.ModelFile;
import pt.sunbeam.codegen.Node;
import pt.sunbeam.codegen.Vectors;
import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.detector.feature.ScannerFeatures;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.model.Kernels;
import pt.sunbeam.detector.model.Models;
import pt.sunbeam.detector.model.Scratch;
import pt.sunbeam.trainer.dataset.DatasetBuilder;
import pt.sunbeam.trainer.dataset.DatasetException;
import pt.sunbeam.trainer.dataset.DatasetFile;
import pt.sunbeam.trainer.dataset.Recordings;
import pt.sunbeam.trainer.dataset.Row;
import pt.sunbeam.trainer.dataset.SourceFiles;
import pt.sunbeam.trainer.dataset.Split;
import pt.sunbeam.trainer.mlp.FitArithmetic;
import pt.sunbeam.trainer.quantise.Quantiser;

/**
 * What the trainer computes for the committed models is, bit for bit, what the proxy computes: the trainer's quantiser, the arithmetic of the fit, the
 * plain definition, generated Java with the scalar kernel, and with the vector kernel. Where {@code SUNBEAM_DATA} names the folder of the public data
 * sets, their rows are among the inputs.
 */
class ParityTest {
    private static final int RANDOM = 100_000;
    private static final int REAL = 10_000;

    private static final @Nullable String DATA = System.getenv("SUNBEAM_DATA");

    private static final List<String> PATHS = List.of(
            "/",
            "/index.html",
            "/products/%d/reviews",
            "/api/v1/orders/%d",
            "/static/js/app.%d.js",
            "/a/b/c/d/e/f/%d",
            "/.env",
            "/wp-admin/setup-config.php",
            "/backup/%d.sql",
            "/..%%2f..%%2fetc/passwd",
            "/cgi-bin/x%d.cgi",
            "/phpmyadmin/",
            "/login",
            "/files/../%d",
            "/%%2e%%2e/%d",
            "/shell.php",
            "/img/%d.webp",
            "/search?q=%d");
    private static final List<String> AGENTS = List.of(
            "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36",
            "curl/8.5.0",
            "python-requests/2.31.0",
            "sqlmap/1.8",
            "");

    @TempDir
    Path folder;

    /** One test, since a process that has switched to the vector kernel does not switch back. */
    @Test
    void allComputationsAgreeOnRandomInputsAndOnRealOnes() throws IOException, DatasetException {
        var cases = new ArrayList<Cases>();
        for (var detector : List.of(Detector.SCANNER, Detector.DDOS, Detector.DDOS_BASELINE)) {
            var inputs = new ArrayList<>(random(detector));
            inputs.addAll(detector.equals(Detector.SCANNER) ? requests() : rows(detector, logs(), 20));
            if (DATA != null) {
                inputs.addAll(rows(detector, Path.of(DATA), 100));
            }
            cases.add(Cases.of(detector, inputs));
        }
        cases.forEach(Cases::trainerAgrees);
        cases.forEach(Cases::runtimeAgrees); // with the scalar kernel
        assertThat(Kernels.warmUp(Duration.ofMinutes(2))).isTrue();
        cases.forEach(Cases::runtimeAgrees); // with the vector kernel
    }

    /** Inputs of a model and what it gives for them by definition. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Cases(Ensemble model, Classifier compiled, List<int[]> inputs, byte[][] levels, int[] logits) {
        static Cases of(Detector detector, List<int[]> inputs) throws IOException {
            var file = load(detector);
            var compiled = Stream.of(Models.scannerBaseline(), Models.ddos(), Models.ddosBaseline())
                    .filter(model -> model.name().equals(detector.model()))
                    .findFirst()
                    .orElseThrow();
            assertThat(compiled.sha256()).isEqualTo(file.sha256());
            var evaluator = new Evaluator(file.model());
            var levels = inputs.stream().map(evaluator::quantise).toArray(byte[][]::new);
            return new Cases(
                    file.model(),
                    compiled,
                    inputs,
                    levels,
                    Arrays.stream(levels).mapToInt(evaluator::logit).toArray());
        }

        void trainerAgrees() {
            var quantiser = Quantiser.of(model.features());
            assertThat(inputs.stream().map(quantiser::quantise).toArray(byte[][]::new))
                    .isDeepEqualTo(levels);
            assertThat(FitArithmetic.logits(model.mlp(), levels)).isEqualTo(logits);
        }

        void runtimeAgrees() {
            var evaluator = new Evaluator(model);
            // A tree that always defers, so that the runtime tells the logit of every input.
            var deferring = new Ensemble(
                    model.name(),
                    model.features(),
                    new Tree(List.of(new Node.Leaf(Verdict.DEFER))),
                    model.mlp(),
                    model.blockAt(),
                    model.stepsPerNat());
            var perceptron = Classifier.of(deferring, "");
            var scratch = new Scratch(compiled.features());
            var found = new int[logits.length];
            for (int i = 0; i < logits.length; i++) {
                perceptron.judge(inputs.get(i), scratch, model.blockAt());
                found[i] = scratch.logit();
                boolean block =
                        compiled.judge(inputs.get(i), scratch, model.blockAt()).block();
                if (block != (evaluator.verdict(levels[i], model.blockAt()) == Verdict.BLOCK)) {
                    throw new AssertionError(model.name() + ": another verdict on " + Arrays.toString(inputs.get(i)));
                }
            }
            assertThat(found).isEqualTo(logits);
        }
    }

    private static List<int[]> random(Detector detector) throws IOException {
        var random = new SplittableRandom(5);
        var features = load(detector).model().features();
        return Stream.generate(() -> Vectors.raw(features, random).stream()
                        .mapToInt(Integer::intValue)
                        .toArray())
                .limit(RANDOM)
                .toList();
    }

    /** A week of polite visitors, in the form of a public set; the floods are simulated. */
    private Path logs() throws IOException {
        var log = new StringBuilder();
        for (int day = 1; day <= 8; day++) {
            for (int client = 0; client < 60; client++) {
                for (int request = 0; request < 40; request++) {
                    log.append(
                            "192.%d.2.1 - - [%02d/Jan/2024:10:%02d:%02d +0000] \"GET /page/%d.html HTTP/1.1\" %d 10 \"https://a.example/\" \"Mozilla/5.0\"%n"
                                    .formatted(
                                            client,
                                            day,
                                            client,
                                            request * (1 + client % 2) % 60,
                                            request % (3 + client % 9),
                                            request % 7 == 3 ? 404 : 200));
                }
            }
        }
        var logs = Files.createDirectories(folder.resolve("access-logs"));
        Files.writeString(logs.resolve("bp-gov-website.log"), log);
        return folder;
    }

    private static List<int[]> requests() {
        var random = new SplittableRandom(3);
        var extractor = new ScannerFeatures(Set.of("app"));
        var requests = new ArrayList<int[]>();
        for (int i = 0; i < REAL; i++) {
            var fields = new ArrayList<>(List.of("Host", random.nextBoolean() ? "app.example.org" : "192.0.2.1"));
            fields.addAll(List.of("User-Agent", AGENTS.get(random.nextInt(AGENTS.size()))));
            for (var field : List.of("Cookie", "Referer", "Accept", "Accept-Language", "Content-Length")) {
                if (random.nextBoolean()) {
                    fields.addAll(List.of(field, field.equals("Content-Length") ? "12" : "a"));
                }
            }
            var target = PATHS.get(random.nextInt(PATHS.size())).formatted(random.nextInt(1_000));
            var method = List.of("GET", "POST", "HEAD", "PUT", "TRACE").get(random.nextInt(5));
            var raw = new int[ScannerFeatures.COUNT];
            extractor.extract(RequestHead.of(method, target, fields.toArray(String[]::new)), raw);
            requests.add(raw);
        }
        assertThat(requests.stream().map(Arrays::toString).distinct().count()).isGreaterThan(500);
        return requests;
    }

    /** As many rows as wanted, evenly over all that public sets and simulations give. */
    private List<int[]> rows(Detector detector, Path data, int runs) throws IOException, DatasetException {
        var path = folder.resolve("dataset.bin");
        try (var builder = new DatasetBuilder(1)) {
            var sources = new SourceFiles(builder, Recordings.none(), 1, _ -> {});
            sources.everything(data);
            sources.simulate(runs);
            builder.finish(path);
        }
        var rows = detector.data()
                .read(DatasetFile.open(path), new Split.ByGroup(4), 1)
                .rows();
        assertThat(rows).hasSizeGreaterThanOrEqualTo(REAL);
        return IntStream.range(0, REAL)
                .mapToObj(i -> rows.get((int) ((long) i * rows.size() / REAL)))
                .map(Row::raw)
                .toList();
    }

    private static ModelFile.Loaded load(Detector detector) throws IOException {
        var path = Path.of("..").resolve(Codegen.MODELS).resolve(detector.model() + ".model");
        return (ModelFile.Loaded) ModelFile.read(Files.readAllBytes(path));
    }
}
