package pt.sunbeam.trainer.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import pt.sunbeam.trainer.read.CsicReader;
import pt.sunbeam.trainer.read.DataFile;
import pt.sunbeam.trainer.read.JsonLines;
import pt.sunbeam.trainer.read.RecordedRequest;

/** Every public set that lies below a folder: CSIC 2010, open-appsec, the nuclei probes, and access logs. */
public final class PublicSets {
    private final DatasetBuilder builder;
    private final Consumer<String> log;

    private PublicSets(DatasetBuilder builder, Consumer<String> log) {
        this.builder = builder;
        this.log = log;
    }

    /**
     * Reads what is there.
     *
     * @param log takes a line for each set read or missing
     */
    public static void read(DatasetBuilder builder, Path data, long seed, Consumer<String> log) throws IOException {
        read(builder, data, Simulations.RUNS_A_SHAPE, seed, log);
    }

    /** The same with as many simulated clients of each shape as said. */
    public static void read(DatasetBuilder builder, Path data, int runs, long seed, Consumer<String> log)
            throws IOException {
        var sets = new PublicSets(builder, log);
        sets.csic(data.resolve("csic2010"));
        sets.openAppsec(data.resolve("waf-comparison"));
        sets.nuclei(data.resolve("nuclei-probes"));
        var backgrounds = new Backgrounds();
        new PublicLogs(builder, backgrounds, seed, log).read(data.resolve("access-logs"));
        if (builder.benignWindows() == 0) {
            log.accept("no benign windows, so no floods are simulated");
            return;
        }
        Simulations.add(builder, backgrounds, runs, seed, log);
    }

    private void csic(Path folder) throws IOException {
        for (var name : List.of("normalTrafficTraining.txt", "normalTrafficTest.txt", "anomalousTrafficTest.txt")) {
            boolean attack = name.startsWith("anomalous");
            var file = find(folder, name);
            if (file.isPresent()) {
                var tally = begin(file.get());
                CsicReader.read(file.get(), Sources.CSIC, request -> {
                    tally.line();
                    add(tally, file.get(), request, attack, attack ? "anomalous" : "", Sources.CSIC);
                });
            }
        }
    }

    private void openAppsec(Path folder) throws IOException {
        var benign = find(folder, "legitimate.jsonl");
        if (benign.isPresent()) {
            var tally = begin(benign.get());
            JsonLines.openAppsec(benign.get(), "site", request -> {
                tally.line();
                add(tally, benign.get(), request, false, "", "open-appsec");
            });
        }
        var attacks = find(folder, "malicious.jsonl");
        if (attacks.isPresent()) {
            var tally = begin(attacks.get());
            JsonLines.openAppsec(attacks.get(), "class", request -> {
                tally.line();
                add(tally, attacks.get(), request, true, request.group(), "open-appsec");
            });
        }
    }

    private void nuclei(Path folder) throws IOException {
        var file = find(folder, "nuclei_probes.jsonl");
        if (file.isPresent()) {
            var tally = begin(file.get());
            JsonLines.nuclei(file.get(), request -> {
                tally.line();
                add(tally, file.get(), request, true, "probe", "nuclei");
            });
        }
    }

    private DatasetBuilder.Tally begin(DataFile file) throws IOException {
        log.accept("reading " + file.set() + "/" + file.storedName());
        return builder.begin(file.set(), file.storedName(), file.sha256());
    }

    private void add(DatasetBuilder.Tally tally, DataFile file, RecordedRequest request, boolean attack, String family, String source) {
        var row = Requests.of(file, request, attack, family, source, Sources.RECORDED_WEIGHT);
        if (row == null) {
            tally.setAside("no path in the request line", request.line());
        } else {
            builder.add(row);
        }
    }

    private Optional<DataFile> find(Path folder, String name) {
        var file = DataFile.find(folder, name);
        if (file.isEmpty()) {
            log.accept("missing, left out: " + folder.resolve(name) + "[.xz]");
            builder.note("Not there and left out: " + folder.getFileName() + "/" + name + ".");
        }
        return file;
    }
}
