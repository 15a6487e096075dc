package pt.sunbeam.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.codegen.Codegen;
import pt.sunbeam.codegen.Evaluator;
import pt.sunbeam.codegen.ModelChecks;
import pt.sunbeam.codegen.ModelFile;
import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.detector.feature.ScannerFeatures;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.trainer.dataset.DatasetFile;
import pt.sunbeam.trainer.dataset.Folds;
import pt.sunbeam.trainer.dataset.Split;
import pt.sunbeam.trainer.dataset.TrainingRecord;

/** The command on small sets of our own, in the formats of the public ones. */
class TrainScannerTest {
    private static final List<String> BROWSER = List.of(
            "\"User-Agent\":\"Mozilla/5.0 Chrome/120.0\",\"Accept\":\"text/html\",\"Accept-Language\":\"en\",\"Cookie\":\"a=1\"",
            "\"User-Agent\":\"Mozilla/5.0 Chrome/120.0\",\"Accept\":\"*/*\",\"Accept-Language\":\"en\",\"Referer\":\"https://a.example/\"");

    @TempDir
    Path data;

    @TempDir
    Path root;

    private final StringWriter said = new StringWriter();

    @BeforeEach
    void writeSets() throws IOException {
        var benign = new StringBuilder();
        for (int site = 0; site < 40; site++) {
            for (int page = 0; page < 15; page++) {
                benign.append(
                        "{\"site\":\"site%d\",\"method\":\"GET\",\"url\":\"/s%d/%s%d?q=%d\",\"headers\":{\"Host\":\"h\",%s},\"data\":\"\"}%n"
                                .formatted(site, site, "part/".repeat(page % 3), page, page, BROWSER.get(page % 2)));
            }
        }
        write("waf-comparison/legitimate.jsonl", benign);
        var attacks = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            var payload = "..%%2f".repeat(1 + i % 5) + "file" + "-x".repeat(i);
            attacks.append(
                    "{\"class\":\"traversal\",\"method\":\"GET\",\"url\":\"/?p=%s\",\"headers\":{\"User-Agent\":\"one\"},\"data\":\"\"}%n"
                            .formatted(payload));
        }
        write("waf-comparison/malicious.jsonl", attacks);
        var probes = new StringBuilder();
        for (int i = 0; i < 150; i++) {
            probes.append("{\"template\":\"t%d\",\"method\":\"GET\",\"path\":\"/%s\"}%n"
                    .formatted(
                            i,
                            List.of("a%d/.env", "phpinfo/%d.php", "a/..%%2f%d")
                                    .get(i % 3)
                                    .formatted(i)));
        }
        write("nuclei-probes/nuclei_probes.jsonl", probes);
        write("csic2010/normalTrafficTraining.txt", shop("1"));
        write("csic2010/anomalousTrafficTest.txt", shop("1") + shop("%27"));
    }

    private static String shop(String id) {
        return "GET http://shop.example/shop/a.jsp?id=%s HTTP/1.1\r\nHost: shop.example\r\nCookie: id=1\r\n\r\n\r\n"
                .formatted(id);
    }

    @Test
    void aRunWritesACheckedModelThatTellsTheClassesApart() throws IOException {
        assertThat(train()).as(said::toString).isZero();
        var model = ((ModelFile.Loaded) ModelFile.read(
                        Files.readAllBytes(root.resolve(Codegen.MODELS).resolve("scanner-baseline.model"))))
                .model();
        assertThat(ModelChecks.unreachableLeaves(model)).isEmpty();
        assertThat(ModelChecks.notMonotone(model, Detector.SCANNER.evidence())).isEmpty();
        for (var file : Codegen.files(model).entrySet()) {
            assertThat(root.resolve(file.getKey())).hasBinaryContent(file.getValue());
        }
        var evaluator = new Evaluator(model);
        assertThat(evaluator.verdict(features("/shop/new"))).isEqualTo(Verdict.ALLOW);
        assertThat(evaluator.verdict(features("/x/..%2f..%2fy"))).isEqualTo(Verdict.BLOCK);
        assertThat(root.resolve("docs/models/scanner-baseline.md"))
                .content()
                .contains("train-mlp-scanner --data DIR --held-out 4", "seed 42", "Apache-2.0")
                .doesNotContain(data.toString());
    }

    @Test
    void theSameSeedWritesTheSameFile() throws IOException {
        assertThat(train()).as(said::toString).isZero();
        var path = root.resolve(Codegen.MODELS).resolve("scanner-baseline.model");
        var first = Files.readAllBytes(path);
        assertThat(train()).as(said::toString).isZero();
        assertThat(path).hasBinaryContent(first);
    }

    @Test
    void aPreparedDatasetGivesTheSameModelAsItsFolderAndARecordOfWhatItNeverSaw() throws IOException {
        assertThat(train()).as(said::toString).isZero();
        var models = root.resolve(Codegen.MODELS);
        var first = Files.readAllBytes(models.resolve("scanner-baseline.model"));
        var dataset = root.resolve("dataset.bin");
        assertThat(run("prepare-dataset", "--data", data.toString(), "--output", dataset.toString()))
                .as(said::toString)
                .isZero();
        assertThat(trainFrom("--dataset", dataset.toString()))
                .as(said::toString)
                .isZero();
        assertThat(models.resolve("scanner-baseline.model")).hasBinaryContent(first);
        assertThat(said.toString()).contains("scanner-baseline.model | unchanged", "To rebuild the proxy");
        var record = TrainingRecord.read(models.resolve("scanner-baseline.training.json"))
                .orElseThrow();
        assertThat(record.datasetSha256()).isEqualTo(DatasetFile.open(dataset).sha256());
        assertThat(record.modelSha256()).isEqualTo(((ModelFile.Loaded) ModelFile.read(first)).sha256());
        assertThat(record.splitUsed()).isEqualTo(new Split.ByGroup(4));
        assertThat(record.settings()).containsEntry("cookie_weight", "1.0").containsEntry("epochs", "5");
        assertThat(record.command()).contains("--dataset FILE --held-out 4").doesNotContain(root.toString());
    }

    @Test
    void crossValidationLeavesOneModelWithItsRecordForEachFold() throws IOException {
        var folder = root.resolve("folds");
        assertThat(trainFrom("--data", data.toString(), "--cross-validate", folder.toString()))
                .as(said::toString)
                .isZero();
        for (int fold = 0; fold < Folds.COUNT; fold++) {
            var model = folder.resolve("fold-" + fold).resolve("scanner-baseline.model");
            assertThat(ModelFile.read(Files.readAllBytes(model))).isInstanceOf(ModelFile.Loaded.class);
            assertThat(TrainingRecord.read(TrainingRecord.beside(model))
                            .orElseThrow()
                            .heldOut())
                    .isEqualTo(fold);
        }
        assertThat(root.resolve(Codegen.MODELS)).doesNotExist();
    }

    @Test
    void aDamagedDatasetIsBadInput() throws IOException {
        var dataset = Files.writeString(root.resolve("dataset.bin"), "sunbeam-dataset 2\n{}\nend");
        assertThat(trainFrom("--dataset", dataset.toString())).isEqualTo(2);
        assertThat(said.toString()).contains("dataset.bin: cut short");
    }

    @Test
    void aMissingSetIsNamedAndLeftOut() throws IOException {
        Files.delete(data.resolve("waf-comparison/malicious.jsonl"));
        assertThat(train()).as(said::toString).isZero();
        assertThat(root.resolve("docs/models/scanner-baseline.md"))
                .content()
                .contains("Not there and left out: waf-comparison/malicious.jsonl");
    }

    @Test
    void withoutAnyBenignSetThereIsNoModel() throws IOException {
        Files.delete(data.resolve("waf-comparison/legitimate.jsonl"));
        Files.delete(data.resolve("csic2010/normalTrafficTraining.txt"));
        assertThat(train()).isEqualTo(1);
        assertThat(said.toString()).contains("0 benign requests", "expected: some of both");
        assertThat(root.resolve(Codegen.MODELS)).doesNotExist();
    }

    @Test
    void aBrokenRowIsBadInputNamedByFileAndLine() throws IOException {
        Files.writeString(data.resolve("waf-comparison/malicious.jsonl"), "{\"class\":\"xss\",\"me");
        assertThat(train()).isEqualTo(2);
        assertThat(said.toString()).contains("malicious.jsonl:1: broken JSON");
    }

    @Test
    void badOptionsAreBadUsage() {
        assertThat(run("train-mlp-scanner")).isEqualTo(2);
        assertThat(run("train-mlp-scanner", "--data", data.resolve("nowhere").toString()))
                .isEqualTo(2);
        assertThat(run("train-mlp-scanner", "--data", data.toString(), "--tree-min-purity", "0.4"))
                .isEqualTo(2);
        assertThat(trainFrom("--data", data.toString(), "--dataset", "x")).isEqualTo(2);
        assertThat(trainFrom("--data", data.toString(), "--held-out", "5")).isEqualTo(2);
        assertThat(trainFrom("--data", data.toString(), "--split", "random")).isEqualTo(2);
        assertThat(said.toString()).contains("--tree-min-purity: found 0.4 (expected: above 0.5, at most 1)");
    }

    private int train() {
        return trainFrom("--data", data.toString());
    }

    private int trainFrom(String... options) {
        var args = new ArrayList<>(List.of(
                "train-mlp-scanner",
                "--output",
                root.toString(),
                "--epochs",
                "5",
                "--learning-rate",
                "0.02",
                "--batch-size",
                "64",
                "--hidden-dim",
                "8"));
        args.addAll(List.of(options));
        return run(args.toArray(String[]::new));
    }

    private int run(String... args) {
        return Main.commandLine()
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .execute(args);
    }

    private void write(String name, CharSequence text) throws IOException {
        var path = data.resolve(name);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static int[] features(String target) {
        var raw = new int[ScannerFeatures.COUNT];
        new ScannerFeatures(Set.of("app")).extract(RequestHead.of("GET", target, "Host", "app.example.org"), raw);
        return raw;
    }
}
