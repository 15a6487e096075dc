package pt.sunbeam.trainer.waf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import pt.sunbeam.trainer.dataset.DatasetFile;

/**
 * Replays the held-out rows of a dataset to several servers and says what each refused. Started by {@code bench/waf/run}, which starts the servers.
 *
 * <p>All servers get the same requests, byte for byte, set by set, one server after the other. Their upstream marks its answers; any other answer from 400 on,
 * and a connection closed without one, is a block.
 */
@Command(name = "compare-firewalls", mixinStandardHelpOptions = true)
public final class CompareFirewalls implements Callable<Integer> {
    /** Sets that the comparison reports but does not judge by: an odd request is the point of many of their rows. */
    private static final List<String> REPORTED = List.of("crs-tests", "nuclei");

    private static final int LISTED = 5_000;
    private static final int LONGEST_LINE = 400;

    @Option(names = "--dataset", required = true, description = "dataset that prepare-dataset wrote")
    private Path dataset;

    @Option(names = "--data", required = true, description = "folder of the public sets it was made of")
    private Path data;

    @Option(names = "--server", required = true, description = "NAME=PORT:PID; repeatable")
    private List<String> servers = List.of();

    @Option(names = "--fold", defaultValue = "4", description = "whose rows are sent")
    private int fold;

    @Option(
            names = "--budget",
            defaultValue = "20000",
            description = "about how many benign requests and how many attacks")
    private long budget;

    @Option(names = "--full", description = "all rows of the fold")
    private boolean full;

    @Option(names = "--seed", defaultValue = "42", description = "of the sample and of the order")
    private long seed;

    @Option(names = "--connections", defaultValue = "4", description = "to a server, at a time")
    private int connections;

    @Option(names = "--warm-up", defaultValue = "4000", description = "requests to each server that are not counted")
    private int warmUp;

    @Option(names = "--out", required = true, description = "folder for report.md, report.json and lists of requests")
    private Path out;

    @SuppressWarnings("NullAway.Init") // picocli fills options in
    public CompareFirewalls() {}

    public static void main(String... args) {
        System.exit(new CommandLine(new CompareFirewalls()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var compared = servers.stream().map(Server::of).toList();
        var rows = Rows.heldOut(dataset, data, fold);
        var sizes = new HashMap<String, Integer>();
        var sample = new ArrayList<WireRequest>();
        for (boolean attack : new boolean[] {false, true}) {
            for (boolean reported : new boolean[] {false, true}) {
                var sampling = new Sampling(rows.stream()
                        .filter(row -> row.attack() == attack && REPORTED.contains(row.set()) == reported)
                        .toList());
                sizes.putAll(sampling.sizes());
                sample.addAll(sampling.draw(full ? Integer.MAX_VALUE : reported ? budget / 10 : budget, seed));
            }
        }
        System.err.printf("%,d of %,d held-out rows to %d servers%n", sample.size(), rows.size(), compared.size());
        for (var server : compared) {
            var benign =
                    sample.stream().filter(row -> !row.attack()).limit(warmUp).toList();
            Replay.run(server, benign, connections);
        }
        var bySet = new TreeMap<String, List<WireRequest>>();
        sample.forEach(
                row -> bySet.computeIfAbsent(row.set(), _ -> new ArrayList<>()).add(row));
        var figures = new TreeMap<String, Map<String, Figures>>();
        Files.createDirectories(out);
        var lists = new HashMap<String, Appendable>();
        for (var set : bySet.entrySet()) {
            for (var server : compared) {
                var result = Replay.run(server, set.getValue(), connections);
                var of = new Figures();
                of.add(set.getValue(), result, sizes);
                figures.computeIfAbsent(set.getKey(), _ -> new LinkedHashMap<>())
                        .put(server.name(), of);
                list(server, set.getValue(), result, lists);
                System.err.printf(
                        "%-26s %-12s %,7d requests%n",
                        set.getKey(), server.name(), set.getValue().size());
            }
        }
        for (var list : lists.entrySet()) {
            Files.writeString(out.resolve(list.getKey()), list.getValue().toString(), StandardCharsets.UTF_8);
        }
        var report = new Report(figures, compared.stream().map(Server::name).toList());
        var about = new LinkedHashMap<String, String>();
        about.put("dataset_sha256", DatasetFile.open(dataset).sha256());
        about.put("fold", Integer.toString(fold));
        about.put("budget", full ? "all" : Long.toString(budget));
        about.put("seed", Long.toString(seed));
        about.put("connections", Integer.toString(connections));
        Files.writeString(out.resolve("report.json"), report.json(about) + "\n", StandardCharsets.UTF_8);
        Files.writeString(out.resolve("report.md"), report.text(), StandardCharsets.UTF_8);
        System.out.println(report.text());
        return 0;
    }

    /** The mistakes, for people: benign requests blocked and attacks let through, one a line, as many as fit. */
    private static void list(
            Server server, List<WireRequest> requests, Replay.Result result, Map<String, Appendable> lists)
            throws IOException {
        int listed = 0;
        for (int i = 0; i < requests.size() && listed < LISTED; i++) {
            var request = requests.get(i);
            var outcome = result.outcomes().get(i);
            if (outcome.blocked() != request.attack()) {
                var name = server.name() + (request.attack() ? "-passed-attacks.tsv" : "-blocked-benign.tsv");
                lists.computeIfAbsent(name, _ -> new StringBuilder())
                        .append("%s\t%s\t%s\t%d\t%s\n"
                                .formatted(
                                        request.set(),
                                        request.kind(),
                                        request.place(),
                                        outcome.status(),
                                        shown(request.line())));
                listed++;
            }
        }
    }

    private static String shown(String line) {
        var text = line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE);
        return text.replaceAll("[\\x00-\\x1f\\x7f]", ".");
    }
}
