package pt.sunbeam.trainer.lexicon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.codegen.Evaluator;
import pt.sunbeam.codegen.ModelFile;
import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.lexicon.Lexicon;
import pt.sunbeam.detector.model.ScannerModel;
import pt.sunbeam.detector.model.Scratch;
import pt.sunbeam.trainer.Main;
import pt.sunbeam.trainer.dataset.DatasetFile;
import pt.sunbeam.trainer.dataset.WireRequest;

/** The command on small sets of our own, in the formats of the public ones. */
class ScannerTrainingTest {
    @TempDir
    Path data;

    @TempDir
    Path root;

    private void writeSets() throws IOException {
        var benign = new StringBuilder();
        for (int site = 0; site < 40; site++) {
            for (int page = 0; page < 12; page++) {
                benign.append(
                        "{\"site\":\"site%d\",\"method\":\"GET\",\"url\":\"/s%d/shop/%d?q=blue+chair&page=%d\",\"headers\":{\"Host\":\"h\",\"User-Agent\":\"Mozilla/5.0 Chrome/120.0\",\"Cookie\":\"id=ab%dcd\"},\"data\":\"\"}%n"
                                .formatted(site, site, page, page, page));
            }
        }
        write("waf-comparison/legitimate.jsonl", benign.toString());
        var attacks = new StringBuilder();
        for (int i = 0; i < 120; i++) {
            var payload = List.of(
                            "%27%20or%20" + "1".repeat(1 + i % 3) + "%3D1--" + "%20".repeat(i / 3) + "x".repeat(i % 2),
                            "%3Csvg/onload%3Dalert(1)%3E" + "%3Cb%3E".repeat(i),
                            "..%2f".repeat(3) + "etc/passwd" + "%00.".repeat(i))
                    .get(i % 3);
            attacks.append("{\"class\":\"%s\",\"method\":\"GET\",\"url\":\"/?p=%s\",\"headers\":{},\"data\":\"\"}%n"
                    .formatted(List.of("sqli", "xss", "traversal").get(i % 3), payload));
        }
        write("waf-comparison/malicious.jsonl", attacks.toString());
    }

    private void write(String name, String text) throws IOException {
        var file = data.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    }

    @Test
    void whatTheCommandWritesBlocksAttacksAndLetsOthersPass() throws IOException {
        writeSets();
        var dataset = root.resolve("dataset.bin");
        assertThat(Main.commandLine()
                        .execute("prepare-dataset", "--data", data.toString(), "--output", dataset.toString()))
                .isZero();
        assertThat(Main.commandLine()
                        .execute("train-scanner", "--dataset", dataset.toString(), "--output", root.toString()))
                .isZero();
        var models = root.resolve("detector/src/main/models");
        var modelFile = Files.readAllBytes(models.resolve("scanner.model"));
        var outcome = ScannerModel.read(modelFile, Files.readAllBytes(models.resolve("scanner.lexicon")));
        assertThat(outcome).isInstanceOf(ScannerModel.Loaded.class);
        var model = ((ScannerModel.Loaded) outcome).model();
        assertThat(blocks(model, "/shop?q=1%27%20or%201%3D1--")).isTrue();
        assertThat(blocks(model, "/shop?q=%3Csvg/onload%3Dalert(1)%3E")).isTrue();
        assertThat(blocks(model, "/shop?f=../../../../etc/passwd")).isTrue();
        assertThat(blocks(model, "/shop/7?q=blue+chair&page=2")).isFalse();
        assertThat(blocks(model, "/select/from/union?order=by&alert=true")).isFalse();
        // The trainer's own evaluator and the detector agree.
        var ensemble = ((ModelFile.Loaded) ModelFile.read(modelFile)).model();
        var raw = features(model.lexicon(), "/shop?q=1%27%20or%201%3D1--");
        assertThat(new Evaluator(ensemble).verdict(raw)).isEqualTo(Verdict.BLOCK);
        assertThat(DatasetFile.open(dataset).count()).isPositive();
        assertThat(root.resolve("docs/models/scanner.md")).exists();
        assertThat(models.resolve("scanner.training.json")).exists();
    }

    private static int[] features(Lexicon lexicon, String target) {
        return new Features(lexicon)
                .of(new WireRequest(
                        RequestHead.of("GET", target, "Host", "h", "User-Agent", "curl/8.5.0"), new byte[0]));
    }

    private static boolean blocks(ScannerModel model, String target) {
        var ensemble = model.ensemble();
        return ensemble.judge(
                        features(model.lexicon(), target), new Scratch(ensemble.features()), ensemble.logitOf(0.5))
                .block();
    }
}
