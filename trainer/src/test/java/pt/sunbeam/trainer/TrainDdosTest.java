package pt.sunbeam.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.codegen.Codegen;
import pt.sunbeam.codegen.ModelChecks;
import pt.sunbeam.codegen.ModelFile;
import pt.sunbeam.trainer.cart.Cart;
import pt.sunbeam.trainer.dataset.DatasetBuilder;
import pt.sunbeam.trainer.dataset.DatasetException;
import pt.sunbeam.trainer.dataset.DatasetFile;
import pt.sunbeam.trainer.dataset.Recordings;
import pt.sunbeam.trainer.dataset.SourceFiles;
import pt.sunbeam.trainer.dataset.Split;
import pt.sunbeam.trainer.export.Export.ModelRefused;
import pt.sunbeam.trainer.mlp.MlpTrainer;
import pt.sunbeam.trainer.report.Progress;

/** A whole run on a small log of our own and few simulated floods. */
class TrainDdosTest {
    private static final Detector SMALL = new Detector(
            "toy-ddos",
            Detector.DDOS.command(),
            Detector.DDOS.units(),
            Detector.DDOS.featureNames(),
            Detector.DDOS.featureUnits(),
            Detector.DDOS.evidence(),
            Detector.DDOS.cookieFeature(),
            Detector.DDOS.maxCuts(),
            Detector.DDOS.fits(),
            Detector.DDOS.treeMinPurity(),
            Detector.DDOS.treeAllows(),
            Detector.DDOS.allowedFalsePositives(),
            Detector.DDOS.bySite(),
            Detector.DDOS.data());

    @TempDir
    Path data;

    @TempDir
    Path root;

    @Test
    void aRunWritesACheckedModelThatBlocksFloodsAndNotTheLog() throws IOException, DatasetException, ModelRefused {
        var log = new StringBuilder();
        for (int day = 1; day <= 8; day++) {
            for (int client = 0; client < 40; client++) {
                for (int request = 0; request < 25; request++) {
                    log.append(
                            "192.%d.2.1 - - [%02d/Jan/2024:10:%02d:%02d +0000] \"GET /page/%d.html HTTP/1.1\" %d 10 \"https://a.example/\" \"Mozilla/5.0\"%n"
                                    .formatted(client, day, client, request, request % 12, request == 3 ? 404 : 200));
                }
            }
        }
        Files.createDirectories(data.resolve("access-logs"));
        Files.writeString(data.resolve("access-logs/bp-gov-website.log"), log);
        var file = root.resolve("dataset.bin");
        try (var builder = new DatasetBuilder(42)) {
            var sources = new SourceFiles(builder, Recordings.none(), 42, _ -> {});
            sources.everything(data);
            sources.simulate(8);
            builder.finish(file);
        }
        var report = Training.run(
                        SMALL,
                        new Training.Settings(
                                new Cart.Settings(4, 0.9, 5, SMALL.evidence()),
                                new MlpTrainer.Settings(1, 8, 8, 0.01, 128, 8, 42, SMALL.evidence()),
                                1,
                                "toy"),
                        DatasetFile.open(file),
                        new Split.ByGroup(4),
                        root,
                        new Progress(
                                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false))
                .card();
        var model = ((ModelFile.Loaded) ModelFile.read(
                        Files.readAllBytes(root.resolve(Codegen.MODELS).resolve("toy-ddos.model"))))
                .model();
        assertThat(ModelChecks.notMonotone(model, SMALL.evidence())).isEmpty();
        assertThat(report).contains("Not there and left out: access-logs/sticker-app-api.log");
        assertThat(report.lines().filter(line -> line.startsWith("| benign bp-gov-website")))
                .hasSize(1)
                .allMatch(line -> line.endsWith("| 0.00% |"));
        assertThat(report.lines().filter(line -> line.startsWith("| flood hammer, later")))
                .hasSize(1)
                .noneMatch(line -> line.endsWith("| 0.00% |"));
    }
}
