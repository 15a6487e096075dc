package pt.sunbeam.trainer.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import pt.sunbeam.trainer.download.Catalogue;
import pt.sunbeam.trainer.download.Downloads;
import pt.sunbeam.trainer.report.Progress;

/** {@code download-datasets}. */
@Command(
        name = "download-datasets",
        mixinStandardHelpOptions = true,
        description =
                "Fetches public data sets for --data of the other commands. Mind the terms that are printed for each.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every set asked for is there", "1:at least one is not", "2:bad options"})
public final class DownloadCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    private final Catalogue catalogue;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description =
                    "folder of the data sets (default: $XDG_CACHE_HOME/sunbeam/datasets, or ~/.cache/sunbeam/datasets)")
    private @Nullable Path output;

    @Option(names = "--only", paramLabel = "NAME", description = "this set, and no other but those of further --only")
    private Set<String> only = new LinkedHashSet<>();

    @Option(names = "--list", description = "say what there is, and fetch nothing")
    private boolean list;

    @SuppressWarnings("NullAway.Init") // picocli fills options in
    public DownloadCommand(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public Integer call() throws InterruptedException {
        var known = catalogue.sets().stream().map(Catalogue.Source::name).collect(Collectors.toSet());
        for (var name : only) {
            if (!known.contains(name)) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(),
                        "--only: found %s (expected: one of %s)"
                                .formatted(
                                        name,
                                        String.join(
                                                ", ", known.stream().sorted().toList())));
            }
        }
        var sets = catalogue.sets().stream()
                .filter(set -> only.isEmpty() || only.contains(set.name()))
                .toList();
        return list ? show(sets) : fetch(sets);
    }

    private int show(List<Catalogue.Source> sets) {
        var out = spec.commandLine().getOut();
        for (var set : sets) {
            out.println("%s: %s".formatted(set.name(), set.about()));
            out.println("  from:  " + set.home());
            out.println("  terms: " + set.terms());
            var byHand = set.byHand();
            out.println(byHand == null ? "  size:  " + size(set.bytes()) : "  by hand: " + byHand);
        }
        out.flush();
        return 0;
    }

    private int fetch(List<Catalogue.Source> sets) throws InterruptedException {
        var folder = output == null ? cache(System.getenv(), System.getProperty("user.home")) : output;
        var out = spec.commandLine().getOut();
        out.println("data sets go to " + folder);
        int failed = 0;
        int byHand = 0;
        try (var downloads = new Downloads(folder, Progress.standard())) {
            for (var set : sets) {
                if (set.byHand() != null && only.isEmpty()) {
                    byHand++;
                    continue;
                }
                out.println("%s: terms: %s".formatted(set.name(), set.terms()));
                out.flush();
                try {
                    boolean any = downloads.fetch(set);
                    out.println("%s: %s, %s, checksums right"
                            .formatted(set.name(), any ? "fetched" : "already there", size(set.bytes())));
                } catch (IOException fault) {
                    failed++;
                    spec.commandLine()
                            .getErr()
                            .println("%s: not fetched: %s".formatted(set.name(), fault.getMessage()));
                }
            }
        }
        if (byHand > 0) {
            out.println("%d more sets cannot be fetched by this command; --list says why and how to come by them"
                    .formatted(byHand));
        }
        out.flush();
        spec.commandLine().getErr().flush();
        return failed == 0 ? 0 : FAILED;
    }

    /** Where data sets are kept (XDG Base Directory Specification: a path that is not absolute is passed over). */
    static Path cache(Map<String, String> environment, String home) {
        var xdg = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
        var cache = xdg.isAbsolute() ? xdg : Path.of(home, ".cache");
        return cache.resolve("sunbeam").resolve("datasets");
    }

    private static String size(long bytes) {
        return "%.1f MiB".formatted(bytes / 1_048_576.0);
    }
}
