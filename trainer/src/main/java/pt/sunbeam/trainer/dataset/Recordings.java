package pt.sunbeam.trainer.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.AuditLines;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.LoggedHeads;
import pt.sunbeam.detector.audit.LoggedRequest;
import pt.sunbeam.trainer.read.DataException;
import pt.sunbeam.trainer.read.DataFile;

/**
 * Traffic of real tools, recorded through the proxy: a folder of audit logs {@code TOOL.audit} (or packed, {@code .audit.xz}) and a table {@code campaigns.tsv} of what
 * their hosts stand for, {@code HOST TOOL KIND} on each line, KIND one of {@code flood}, {@code slow-flood}, {@code path-guessing}, {@code login-guessing}, {@code people}.
 * Each campaign sent a host of its own.
 */
public final class Recordings {
    private static final String TABLE = "campaigns.tsv";
    private static final int CROWDS = 60;

    private final List<DataFile> files;
    private final List<Campaign> campaigns;

    private Recordings(List<DataFile> files, List<Campaign> campaigns) {
        this.files = List.copyOf(files);
        this.campaigns = List.copyOf(campaigns);
    }

    public static Recordings none() {
        return of(List.of());
    }

    static Recordings of(List<Campaign> campaigns) {
        return new Recordings(List.of(), campaigns);
    }

    /**
     * Reads a folder; of one that is not there, nothing.
     *
     * @throws DataException for a table or a log that is broken, and for a host of a log that the table does not have
     */
    public static Recordings read(Path folder, Consumer<String> log) throws IOException {
        var table = folder.resolve(TABLE);
        if (!Files.isRegularFile(table)) {
            log.accept("missing, left out: " + table);
            return none();
        }
        var headings = headings(table);
        var shots = new LinkedHashMap<String, List<Campaign.Shot>>();
        headings.keySet().forEach(host -> shots.put(host, new ArrayList<>()));
        var files = new ArrayList<DataFile>();
        for (var tool : headings.values().stream().map(Heading::tool).distinct().toList()) {
            var file = DataFile.find(folder, tool + ".audit")
                    .orElseThrow(() -> new DataException(folder.resolve(tool + ".audit"), "not there, nor with .xz"));
            read(file, shots);
            files.add(file);
        }
        var campaigns = new ArrayList<Campaign>();
        headings.forEach((host, heading) -> {
            var its = shots.getOrDefault(host, List.of());
            if (!its.isEmpty()) {
                campaigns.add(Campaign.of(host, heading.tool(), heading.kind(), its));
            }
        });
        log.accept("%s: %,d campaigns, %,d requests"
                .formatted(
                        folder.getFileName(),
                        campaigns.size(),
                        shots.values().stream().mapToInt(List::size).sum()));
        return new Recordings(files, campaigns);
    }

    private record Heading(String tool, Campaign.Kind kind) {}

    private static Map<String, Heading> headings(Path table) throws IOException {
        var headings = new LinkedHashMap<String, Heading>();
        int number = 0;
        for (var line : Files.readAllLines(table)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            var cells = line.strip().split("\\s+", -1);
            if (cells.length != 3) {
                throw new DataException(table, number, "found \"" + line + "\" (expected: HOST TOOL KIND)");
            }
            if (headings.put(cells[0], new Heading(cells[1], kind(table, number, cells[2]))) != null) {
                throw new DataException(table, number, "host " + cells[0] + " stands there twice");
            }
        }
        return headings;
    }

    private static Campaign.Kind kind(Path table, int number, String word) throws DataException {
        for (var kind : Campaign.Kind.values()) {
            if (kind.words().replace(' ', '-').equals(word.toLowerCase(Locale.ROOT))) {
                return kind;
            }
        }
        throw new DataException(
                table,
                number,
                "found kind \"" + word + "\" (expected: flood, slow-flood, path-guessing, login-guessing or people)");
    }

    /** The lines that are requests; what the wire refused before it could be read is none. */
    private static void read(DataFile file, Map<String, List<Campaign.Shot>> shots) throws IOException {
        try (var in = file.open()) {
            var lines = new AuditLines(in);
            var heads = new LoggedHeads();
            for (var record = lines.next(); record != null; record = lines.next()) {
                if (LoggedRequest.isRequest(record)) {
                    take(file, record, heads, lines.lines(), shots);
                }
            }
        }
    }

    private static void take(
            DataFile file, AuditRecord record, LoggedHeads heads, long line, Map<String, List<Campaign.Shot>> shots)
            throws DataException {
        var head = heads.head(record);
        int colon = head.host().lastIndexOf(':');
        var host = colon < 0 ? head.host() : head.host().substring(0, colon);
        var its = shots.get(host);
        if (its == null) {
            throw new DataException(file.path(), line, "host \"" + host + "\" is not in " + TABLE);
        }
        its.add(new Campaign.Shot(
                record.clientIp(),
                new Exchange(
                        LoggedRequest.arrivalMillis(record),
                        host,
                        head.method(),
                        head.target(),
                        text(record.referer()),
                        text(record.userAgent()),
                        record.hasCookies(),
                        record.acceptLanguage() != null,
                        (int) Math.min(record.contentLength(), Integer.MAX_VALUE),
                        record.status(),
                        LoggedRequest.durationMillis(record))));
    }

    private static String text(@Nullable String field) {
        return field == null ? "" : field;
    }

    /** The same with campaigns of a simulator, where there are any recorded ones. */
    Recordings withSimulated(long seed) {
        if (campaigns.isEmpty()) {
            return this;
        }
        var all = new ArrayList<>(campaigns);
        all.addAll(new SlowFloodSimulator(seed).floods());
        var people = new PoliteSimulator(seed);
        for (int number = 1; number <= CROWDS; number++) {
            all.add(Campaign.of(
                    "crowd " + number,
                    Campaign.SIMULATED,
                    Campaign.Kind.PEOPLE,
                    people.crowd().stream()
                            .map(exchange -> new Campaign.Shot("127.0.0.1", exchange))
                            .toList()));
        }
        return new Recordings(files, all);
    }

    List<DataFile> files() {
        return files;
    }

    List<Campaign> campaigns() {
        return campaigns;
    }
}
