package pt.sunbeam.proxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/** Counts, for each record of a tool, the requests that carry a payload and those of them that were blocked. */
final class ToolReport {
    private static final int LONGEST_LINE = 300;

    private ToolReport() {}

    /**
     * Reads {@code SITE.TOOL.log} for each tool and {@code SITE.baseline.log} in a folder; writes {@code SITE.TOOL.passed.txt}, the payloads that passed, and
     * {@code SITE.TOOL.blocked.txt}, what was blocked though it carries none; returns a table.
     */
    static String of(Path folder) throws IOException {
        var table = new StringBuilder("""
                | site | tool | requests | with a payload | blocked of these | of the others, blocked | other answers of the proxy |
                | --- | --- | ---: | ---: | ---: | ---: | --- |
                """);
        List<Path> logs;
        try (var files = Files.list(folder)) {
            logs = files.filter(file -> file.getFileName().toString().matches("\\w+\\.(?!baseline)\\w+\\.log"))
                    .sorted()
                    .toList();
        }
        for (var log : logs) {
            var names = log.getFileName().toString().split("\\.", -1);
            var baseline = folder.resolve(names[0] + ".baseline.log");
            var requests = Recorded.read(log);
            var rule = new PayloadRule(Files.exists(baseline) ? Recorded.read(baseline) : List.of(), requests);
            int payloads = 0;
            int blockedPayloads = 0;
            int blockedOthers = 0;
            var passed = new StringBuilder();
            var blocked = new StringBuilder();
            var refusals = new TreeMap<Integer, Integer>();
            for (var request : requests) {
                boolean payload = rule.carriesPayload(request);
                payloads += payload ? 1 : 0;
                blockedPayloads += payload && request.blocked() ? 1 : 0;
                blockedOthers += !payload && request.blocked() ? 1 : 0;
                if (!request.fromUpstream() && request.status() != 403) {
                    refusals.merge(request.status(), 1, Integer::sum);
                }
                if (payload && !request.blocked()) {
                    passed.append(shown(request));
                } else if (!payload && request.blocked()) {
                    blocked.append(shown(request));
                }
            }
            Files.writeString(folder.resolve(names[0] + "." + names[1] + ".passed.txt"), passed);
            Files.writeString(folder.resolve(names[0] + "." + names[1] + ".blocked.txt"), blocked);
            table.append("| %s | %s | %,d | %,d | %s | %,d of %,d | %s |%n"
                    .formatted(
                            names[0],
                            names[1],
                            requests.size(),
                            payloads,
                            payloads == 0
                                    ? ""
                                    : "%,d (%.2f %%)".formatted(blockedPayloads, 100.0 * blockedPayloads / payloads),
                            blockedOthers,
                            requests.size() - payloads,
                            refusals.isEmpty() ? "" : refusals.toString()));
        }
        return table.toString();
    }

    private static String shown(Recorded request) {
        var body = request.body().isEmpty() ? "" : "  " + request.body();
        var line = request.status() + " " + request.firstLine() + body + "  UA " + request.field("User-Agent")
                + "  Cookie " + request.field("Cookie") + "  Referer " + request.field("Referer");
        return (line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE)).replaceAll("[\\x00-\\x1f]", ".")
                + "\n";
    }
}
