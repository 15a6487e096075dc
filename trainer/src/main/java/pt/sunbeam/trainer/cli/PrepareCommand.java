package pt.sunbeam.trainer.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import pt.sunbeam.trainer.dataset.AddressLabels;
import pt.sunbeam.trainer.dataset.DatasetBuilder;
import pt.sunbeam.trainer.dataset.Header;
import pt.sunbeam.trainer.dataset.Heuristics;
import pt.sunbeam.trainer.dataset.SourceFiles;
import pt.sunbeam.trainer.read.DataException;
import pt.sunbeam.trainer.read.DataFile;
import pt.sunbeam.trainer.read.ProbeList;
import pt.sunbeam.trainer.report.Progress;

/** {@code prepare-dataset}: logs and public sets become one dataset file. */
@Command(
        name = "prepare-dataset",
        description = "Makes a dataset of own logs and public sets.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:dataset written",
            "1:nothing to write, or a file of which nothing could be read",
            "2:bad options"
        })
public final class PrepareCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description =
                    "audit log of this proxy or of the original, plain, .gz or .xz; - for standard input; repeatable")
    private List<Path> audit = List.of();

    @Option(
            names = "--access-log",
            paramLabel = "FILE",
            description = "access log of one's own server, common or combined format; repeatable")
    private List<Path> access = List.of();

    @Option(names = "--csic", paramLabel = "DIR", description = "folder of CSIC 2010; repeatable")
    private List<Path> csic = List.of();

    @Option(names = "--appsec", paramLabel = "DIR", description = "folder of open-appsec's comparison; repeatable")
    private List<Path> appsec = List.of();

    @Option(names = "--crs", paramLabel = "FILE", description = "tests of the OWASP Core Rule Set, JSONL; repeatable")
    private List<Path> crs = List.of();

    @Option(names = "--probes", paramLabel = "FILE", description = "what scanners ask for: paths or JSONL; repeatable")
    private List<Path> probes = List.of();

    @Option(
            names = "--wordlists",
            paramLabel = "PATH",
            description = "word list of paths, or a folder of them; repeatable")
    private List<Path> wordlists = List.of();

    @Option(
            names = "--payloads",
            paramLabel = "FILE",
            description = "attack strings: one a line, JSONL, or HttpParams CSV; repeatable")
    private List<Path> payloads = List.of();

    @Option(names = "--inject-modsec", paramLabel = "FILE", description = "audit log of ModSecurity; repeatable")
    private List<Path> modsecurity = List.of();

    @Option(
            names = "--cic-ids2017",
            paramLabel = "FILE",
            description = "flows of CIC-IDS2017, CSV: counted, never trained on; repeatable")
    private List<Path> flows = List.of();

    @Option(names = "--data", paramLabel = "DIR", description = "folder of public sets: all that are there are read")
    private @Nullable Path data;

    @Option(names = "--owasp", description = "of --data, the Core Rule Set's tests, and what else is picked")
    private boolean owasp;

    @Option(names = "--inject-csic", description = "of --data, CSIC 2010, and what else is picked")
    private boolean injectCsic;

    @Option(names = "--heuristics", paramLabel = "FILE", description = "TOML: bounds for windows that nobody labelled")
    private @Nullable Path heuristics;

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "what is known of own traffic: lines ADDRESS-or-CIDR [FROM TO] normal|attack")
    private @Nullable Path labels;

    @Mixin
    private RecordingsOption recordings;

    @Option(names = "--output", defaultValue = "dataset.bin", paramLabel = "FILE", description = "the dataset")
    private Path output;

    @Option(names = "--seed", defaultValue = "42", description = "of simulated traffic, and of what logs do not tell")
    private long seed;

    @SuppressWarnings("NullAway.Init") // picocli fills options in
    public PrepareCommand() {}

    @Override
    public Integer call() throws IOException {
        requireFiles(
                "--input", audit.stream().filter(path -> !isStandardInput(path)).toList());
        requireFiles("--access-log", access);
        requireFolders("--csic", csic);
        requireFolders("--appsec", appsec);
        requireFiles("--crs", crs);
        requireFiles("--probes", probes);
        requireFiles("--payloads", payloads);
        requireFiles("--inject-modsec", modsecurity);
        requireFiles("--cic-ids2017", flows);
        requireFolders("--data", data == null ? List.of() : List.of(data));
        requireFiles("--heuristics", heuristics == null ? List.of() : List.of(heuristics));
        requireFiles("--labels", labels == null ? List.of() : List.of(labels));
        wordlists.forEach(path -> require(Files.exists(path), "--wordlists", path, "a file or folder"));
        require(audit.stream().filter(PrepareCommand::isStandardInput).count() <= 1, "--input", "- twice", "once");
        require(data != null || !owasp, "--owasp", "no --data", "--data, in which the tests are looked for");
        require(data != null || !injectCsic, "--inject-csic", "no --data", "--data, in which the set is looked for");
        var folder = output.toAbsolutePath().getParent();
        require(folder != null && Files.isDirectory(folder), "--output", output, "a file in a folder that is there");
        require(hasSource(), "no source", "nothing", "at least one, such as --input");
        Heuristics rules;
        AddressLabels known;
        try {
            rules = heuristics == null ? Heuristics.STANDARD : Heuristics.read(heuristics);
            known = labels == null ? AddressLabels.none() : AddressLabels.read(labels);
        } catch (DataException broken) {
            throw new CommandLine.ParameterException(spec.commandLine(), broken.getMessage(), broken);
        }
        var progress = Progress.standard();
        var err = spec.commandLine().getErr();
        try (var builder = new DatasetBuilder(seed)) {
            read(new SourceFiles(builder, recordings.read(progress::line), seed, progress::line), rules, known);
            if (builder.rows() == 0) {
                statistics(builder.summary(), err);
                err.println("nothing to write: no request or window with a label was found");
                return FAILED;
            }
            statistics(builder.finish(output), err);
            err.println("%s: %,d bytes".formatted(output, Files.size(output)));
            return 0;
        } catch (DataException unreadable) {
            err.println(unreadable.getMessage());
            return FAILED;
        } catch (UncheckedIOException full) {
            err.println("cannot write: " + full.getMessage());
            return FAILED;
        } finally {
            err.flush();
        }
    }

    private void read(SourceFiles sources, Heuristics rules, AddressLabels known) throws IOException {
        for (var path : audit) {
            if (isStandardInput(path)) {
                sources.audit(System.in, rules, known);
            } else {
                sources.audit(new DataFile(path), rules, known);
            }
        }
        for (var path : access) {
            sources.access(new DataFile(path), rules, known);
        }
        for (var path : modsecurity) {
            sources.modsecurity(new DataFile(path));
        }
        for (var path : csic) {
            sources.csic(path);
        }
        for (var path : appsec) {
            sources.appsec(path);
        }
        for (var path : crs) {
            sources.crs(new DataFile(path));
        }
        var lists = new ArrayList<>(probes.stream().map(DataFile::new).toList());
        for (var path : wordlists) {
            lists.addAll(ProbeList.files(path));
        }
        for (var list : lists) {
            sources.probes(list);
        }
        for (var path : payloads) {
            sources.payloads(new DataFile(path));
        }
        for (var path : flows) {
            sources.flows(new DataFile(path));
        }
        if (data != null && !owasp && !injectCsic) {
            sources.everything(data);
        }
        if (data != null && owasp) {
            sources.crs(data);
        }
        if (data != null && injectCsic) {
            sources.csic(data.resolve("csic2010"));
        }
        sources.simulate(SourceFiles.RUNS_A_SHAPE);
    }

    /** What came of each file. */
    private static void statistics(Header header, PrintWriter err) {
        err.println("%-44s %10s | %20s | %20s | %10s %10s %10s"
                .formatted(
                        "file",
                        "records",
                        "requests norm/attack",
                        "windows norm/attack",
                        "duplicate",
                        "contradict",
                        "unlabelled"));
        for (var source : header.sources()) {
            err.println("%-44s %,10d | %,10d %,9d | %,10d %,9d | %,10d %,10d %,10d"
                    .formatted(
                            source.set() + "/" + source.file(),
                            source.lines(),
                            source.requests().normal(),
                            source.requests().attack(),
                            source.windows().normal(),
                            source.windows().attack(),
                            source.duplicates(),
                            source.contradicted(),
                            source.unlabelled()));
            source.setAside()
                    .forEach(reason -> err.println("  set aside %,d, the first in line %d: %s"
                            .formatted(reason.count(), reason.firstLine(), reason.reason())));
        }
        header.folds().forEach((table, counts) -> err.println("%s by fold: %s".formatted(table, counts)));
    }

    private boolean hasSource() {
        return data != null
                || List.of(audit, access, csic, appsec, crs, probes, wordlists, payloads, modsecurity, flows).stream()
                        .anyMatch(paths -> !paths.isEmpty());
    }

    private static boolean isStandardInput(Path path) {
        return path.toString().equals("-");
    }

    private void requireFiles(String option, List<Path> paths) {
        paths.forEach(path ->
                require(Files.isRegularFile(path) && Files.isReadable(path), option, path, "a file that can be read"));
    }

    private void requireFolders(String option, List<Path> paths) {
        paths.forEach(path -> require(Files.isDirectory(path), option, path, "a folder"));
    }

    private void require(boolean valid, String option, Object found, String expected) {
        if (!valid) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), option + ": found " + found + " (expected: " + expected + ")");
        }
    }
}
