package pt.sunbeam.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands evaluate and sweep-cookie-weight, on a small data set of our own and models cross-validated on it. */
class EvaluateTest {
    private static final String[] FAST = {
        "--epochs", "2", "--batch-size", "64", "--hidden-dim", "4", "--learning-rate", "0.02"
    };

    @TempDir
    static Path data;

    private static Path dataset;
    private static Path models;

    @TempDir
    Path folder;

    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @BeforeAll
    static void trainOneModelForEachFold() throws IOException {
        var benign = new StringBuilder();
        for (int site = 0; site < 40; site++) {
            for (int page = 0; page < 15; page++) {
                benign.append(
                        "{\"site\":\"site%d\",\"method\":\"GET\",\"url\":\"/s%d/%s%d?q=%d\",\"headers\":{\"Host\":\"h\",\"User-Agent\":\"Mozilla/5.0 Chrome/120.0\",\"Cookie\":\"a=1\"},\"data\":\"\"}%n"
                                .formatted(site, site, "part/".repeat(page % 3), page, page));
            }
        }
        write("waf-comparison/legitimate.jsonl", benign);
        var probes = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            var path = List.of("a%d/.env", "phpinfo/%d.php", "a/..%%2f%d", "page%d")
                    .get(i % 4);
            probes.append(
                    "{\"template\":\"t%d\",\"method\":\"GET\",\"path\":\"/%s\"}%n".formatted(i, path.formatted(i)));
        }
        write("nuclei-probes/nuclei_probes.jsonl", probes);
        dataset = data.resolve("dataset.bin");
        models = data.resolve("models");
        var said = new StringWriter();
        assertThat(run(said, said, "prepare-dataset", "--data", data.toString(), "--output", dataset.toString()))
                .as(said::toString)
                .isZero();
        assertThat(run(
                        said,
                        said,
                        with(
                                FAST,
                                "train-mlp-scanner",
                                "--dataset",
                                dataset.toString(),
                                "--cross-validate",
                                models.toString())))
                .as(said::toString)
                .isZero();
    }

    private static void write(String name, CharSequence text) throws IOException {
        Files.createDirectories(data.resolve(name).getParent());
        Files.writeString(data.resolve(name), text);
    }

    @BeforeEach
    void listen() {
        out = new StringWriter();
        err = new StringWriter();
    }

    @Test
    void eachRowIsScoredOnceByTheModelThatNeverSawIt() throws IOException {
        assertThat(evaluate("--models", models.toString(), "--json"))
                .as(err::toString)
                .isZero();
        var report = new ObjectMapper().readTree(out.toString());
        assertThat(report.at("/pooled/attack_rows").asInt()).isEqualTo(200);
        assertThat(report.at("/pooled/benign_rows").asInt()).isEqualTo(600);
        assertThat(report.get("fitted_rows").asBoolean()).isFalse();
        assertThat(report.get("folds")).hasSize(5);
        for (var fold : report.get("folds")) {
            assertThat(fold.get("fitted_rows").asBoolean()).isFalse();
        }
        assertThat(report.at("/pooled/roc_auc").asDouble()).isGreaterThan(0.5);
    }

    @Test
    void oneModelScoresItsOwnFoldAlone() {
        assertThat(evaluate("--model", model(2).toString())).as(err::toString).isZero();
        assertThat(out.toString())
                .contains("fitted without fold 2", "fold 2 ")
                .doesNotContain("fold 1 ", "worst fold", "FITTED");
    }

    @Test
    void theTrainingFoldsAreScoredOnRequestAndEveryLineOfThemSaysSo() {
        assertThat(evaluate("--model", model(2).toString(), "--include-training-folds"))
                .isZero();
        var lines = out.toString().lines().toList();
        assertThat(lines).anyMatch(line -> line.startsWith("FITTED ON THESE ROWS fold 1 "));
        assertThat(lines).anyMatch(line -> line.startsWith("FITTED ON THESE ROWS pooled "));
        assertThat(lines.stream().filter(line -> line.stripLeading().startsWith("fold 2 ")))
                .isNotEmpty()
                .noneMatch(line -> line.startsWith("FITTED"));
    }

    @Test
    void aModelWithoutATrainingRecordIsRefusedUnlessToldOtherwise() throws IOException {
        var bare = Files.copy(model(0), folder.resolve("scanner-baseline.model"));
        assertThat(evaluate("--model", bare.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("no training record", "--include-training-folds");
        assertThat(out.toString()).isEmpty();
        assertThat(evaluate("--model", bare.toString(), "--include-training-folds"))
                .isZero();
        assertThat(out.toString().lines().filter(line -> line.contains("fold 0  ")))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("FITTED"));
    }

    @Test
    void aRecordOfAnotherModelIsRefused() throws IOException {
        var copied = Files.copy(model(0), folder.resolve("scanner-baseline.model"));
        Files.copy(record(1), folder.resolve("scanner-baseline.training.json"));
        assertThat(evaluate("--model", copied.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("scanner-baseline.training.json: record of model");
    }

    @Test
    void twoModelsOfOneFoldAreRefused() {
        assertThat(evaluate("--model", model(3).toString(), "--model", model(3).toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("holds out fold 3 as another model does");
    }

    @Test
    void whatIsNoModelIsNamed() throws IOException {
        var broken = Files.writeString(folder.resolve("scanner-baseline.model"), "no model");
        assertThat(evaluate("--model", broken.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("scanner-baseline.model: ");
        assertThat(evaluate("--model", folder.resolve("nowhere").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("nowhere: not there (expected: a model file");
        assertThat(evaluate("--models", folder.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("no models (expected: fold-N/scanner-baseline.model)");
        assertThat(run(
                        out,
                        err,
                        "evaluate",
                        "--detector",
                        "ddos",
                        "--dataset",
                        dataset.toString(),
                        "--model",
                        model(0).toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("found model \"scanner-baseline\" (expected: ddos)");
    }

    @Test
    void thePageIsWrittenBesideTheTable() {
        var page = folder.resolve("report.html");
        assertThat(evaluate("--models", models.toString(), "--html", page.toString()))
                .isZero();
        assertThat(page).content().startsWith("<!doctype html>").contains("nuclei", "fold 4", "</html>");
        assertThat(out.toString()).contains("pooled");
    }

    @Test
    void badOptionsAreBadUsage() {
        assertThat(run(out, err, "evaluate", "--detector", "scanner")).isEqualTo(2);
        assertThat(run(out, err, "evaluate", "--detector", "teapot", "--dataset", dataset.toString()))
                .isEqualTo(2);
        assertThat(run(
                        out,
                        err,
                        "evaluate",
                        "--detector",
                        "scanner",
                        "--dataset",
                        folder.resolve("none").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("scanner, ddos", "not there");
    }

    @Test
    void aSweepComparesAModelForEachWeight() throws IOException {
        assertThat(run(
                        out,
                        err,
                        with(FAST, "sweep-cookie-weight", "--dataset", dataset.toString(), "--weights", "0.0,1.0")))
                .as(err::toString)
                .isZero();
        var lines = out.toString().lines().toList();
        assertThat(lines).allMatch(line -> line.length() <= 120 || line.startsWith("models: "));
        assertThat(lines).anyMatch(line -> line.startsWith("0.0 ")).anyMatch(line -> line.startsWith("1.0 "));
        var written = Path.of(lines.getLast().substring("models: ".length()));
        try (var files = Files.walk(written)) {
            assertThat(files.filter(path -> path.toString().endsWith(".training.json")))
                    .hasSize(2);
        } finally {
            try (var files = Files.walk(written)) {
                files.sorted((a, b) -> b.compareTo(a)).forEach(EvaluateTest::delete);
            }
        }
    }

    @Test
    void aWeightOutOfRangeIsBadUsage() {
        assertThat(run(out, err, "sweep-cookie-weight", "--dataset", dataset.toString(), "--weights", "0.5,1.5"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--weights: found 1.5 (expected: 0 to 1)");
    }

    private int evaluate(String... options) {
        return run(out, err, with(options, "evaluate", "--detector", "scanner", "--dataset", dataset.toString()));
    }

    private static Path model(int fold) {
        return models.resolve("fold-" + fold).resolve("scanner-baseline.model");
    }

    private static Path record(int fold) {
        return models.resolve("fold-" + fold).resolve("scanner-baseline.training.json");
    }

    private static String[] with(String[] options, String... first) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(options)).toArray(String[]::new);
    }

    private static int run(StringWriter out, StringWriter err, String... args) {
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException kept) {
            throw new IllegalStateException(kept);
        }
    }
}
