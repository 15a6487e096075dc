package pt.sunbeam.trainer.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import pt.sunbeam.trainer.read.CrsTests;
import pt.sunbeam.trainer.read.CsicReader;
import pt.sunbeam.trainer.read.DataFile;
import pt.sunbeam.trainer.read.FlowTable;
import pt.sunbeam.trainer.read.JsonLines;
import pt.sunbeam.trainer.read.ModSecurityLog;
import pt.sunbeam.trainer.read.Payload;
import pt.sunbeam.trainer.read.PayloadList;
import pt.sunbeam.trainer.read.ProbeList;
import pt.sunbeam.trainer.read.RecordedRequest;

/**
 * Reads files of each kind of source into a dataset. Labels and groups are set here: a benign request is split by its site, an attack by its template.
 *
 * <p>Every method throws {@link pt.sunbeam.trainer.read.DataException} for a file that cannot be opened, or of which nothing can be read.
 */
public final class SourceFiles {
    /** Simulated clients of each shape. */
    public static final int RUNS_A_SHAPE = 100;

    private static final String APPSEC = "open-appsec";
    private static final String CRS = "crs-tests";
    private static final String MODSECURITY = "modsecurity";
    private static final String PROBE = "probe";
    private static final List<String> PAYLOADS = List.of(
            "httpparams/payload_full.csv",
            "fwaf/badqueries.txt",
            "libinjection/libinjection_data.jsonl",
            "payloads-all-the-things/intruder_payloads.jsonl",
            "fuzzdb/attack_payloads.jsonl",
            "sqlmap-payloads/sqlmap_sqli.txt");
    private static final List<String> PROBES = List.of(
            "nuclei-probes/nuclei_probes.jsonl",
            "dirsearch/dicc.txt",
            "seclists-quickhits/quickhits.txt",
            "fuzzdb/discovery_paths.jsonl");

    private final DatasetBuilder builder;
    private final long seed;
    private final Consumer<String> log;
    private final Backgrounds backgrounds = new Backgrounds();
    private final Recordings recordings;

    /**
     * @param recordings what is laid over the public access logs
     * @param log takes a line for each file
     */
    public SourceFiles(DatasetBuilder builder, Recordings recordings, long seed, Consumer<String> log) {
        this.builder = builder;
        this.recordings = recordings;
        this.seed = seed;
        this.log = log;
    }

    /** An audit log of one's own proxy. */
    public void audit(DataFile file, Heuristics heuristics, AddressLabels labels) throws IOException {
        var tally = begin(file);
        try (var in = file.open()) {
            tally.account(new OwnTraffic(builder, heuristics, labels, seed)
                    .audit(in, file.name(), tally)
                    .orNothingRead(file));
        }
    }

    /** The same from standard input. */
    public void audit(InputStream in, Heuristics heuristics, AddressLabels labels) throws IOException {
        log.accept("reading standard input");
        var tally = builder.begin("standard input", "-", "");
        tally.account(new OwnTraffic(builder, heuristics, labels, seed).audit(in, "-", tally));
    }

    /** An access log of one's own server. */
    public void access(DataFile file, Heuristics heuristics, AddressLabels labels) throws IOException {
        var tally = begin(file);
        tally.account(new OwnTraffic(builder, heuristics, labels, seed).access(file, tally));
    }

    /** The files of CSIC 2010 that are in a folder. */
    public void csic(Path folder) throws IOException {
        for (var name : List.of("normalTrafficTraining.txt", "normalTrafficTest.txt", "anomalousTrafficTest.txt")) {
            boolean attack = name.startsWith("anomalous");
            var file = find(folder, name);
            if (file.isPresent()) {
                var tally = begin(file.get());
                tally.account(CsicReader.read(file.get(), Sources.CSIC, request -> {
                    var text = request.body().isEmpty() ? request.target() : request.target() + "?" + request.body();
                    add(
                            tally,
                            file.get(),
                            request,
                            attack,
                            Sources.CSIC,
                            attack ? "anomalous" : "",
                            attack ? Targets.template(Targets.origin(text)) : Sources.CSIC);
                }));
            }
        }
    }

    /** The files of open-appsec's comparison of firewalls that are in a folder. */
    public void appsec(Path folder) throws IOException {
        var benign = find(folder, "legitimate.jsonl");
        if (benign.isPresent()) {
            var tally = begin(benign.get());
            tally.account(JsonLines.openAppsec(
                    benign.get(),
                    "site",
                    request -> add(tally, benign.get(), request, false, APPSEC, "", request.group())));
        }
        var attacks = find(folder, "malicious.jsonl");
        if (attacks.isPresent()) {
            var tally = begin(attacks.get());
            tally.account(JsonLines.openAppsec(attacks.get(), "class", request -> {
                var payload = Targets.payload(request.target(), request.body());
                if (payload == null) {
                    var group = request.group() + " " + Targets.template(request.target() + request.body());
                    add(tally, attacks.get(), request, true, APPSEC, request.group(), group);
                } else {
                    builder.add(payload(
                            attacks.get(),
                            APPSEC,
                            new Payload(payload, request.group(), true, request.line()),
                            payload,
                            Sources.RECORDED_WEIGHT));
                }
            }));
        }
    }

    /** Tests of the OWASP Core Rule Set. */
    public void crs(DataFile file) throws IOException {
        var tally = begin(file);
        tally.account(CrsTests.read(file, test -> {
            var family = !test.attack() ? "" : test.protocol() ? "protocol" : "payload";
            var group = CRS + (test.attack() ? " " + test.request().group() : "");
            add(tally, file, test.request(), test.attack(), CRS, family, group);
        }));
    }

    /** Those that are in a folder of public sets. */
    public void crs(Path data) throws IOException {
        for (var file : found(data, List.of("crs-tests/crs_tests.jsonl"))) {
            crs(file);
        }
    }

    /** What scanners ask for. */
    public void probes(DataFile file) throws IOException {
        var tally = begin(file);
        boolean nuclei = file.set().startsWith("nuclei");
        var source = nuclei ? "nuclei" : file.set();
        tally.account(ProbeList.read(
                file,
                request -> add(
                        tally,
                        file,
                        request,
                        true,
                        source,
                        PROBE,
                        nuclei ? "nuclei " + request.group() : PROBE + " " + Targets.firstSegment(request.target()))));
    }

    /** Attack strings, and values that are none. */
    public void payloads(DataFile file) throws IOException {
        var tally = begin(file);
        tally.account(PayloadList.read(
                file,
                "mixed",
                payload -> builder.add(payload(
                        file, file.set(), payload, Targets.encoded(payload.text()), Sources.SYNTHETIC_WEIGHT))));
    }

    /** An audit log of ModSecurity: an attack is what one of its rules matched. */
    public void modsecurity(DataFile file) throws IOException {
        var tally = begin(file);
        tally.account(ModSecurityLog.read(file, entry -> {
            var request = entry.request();
            var target = Targets.origin(request.target());
            if (!Targets.isOriginForm(target)) {
                tally.setAside("no path in the request line", request.line());
                return;
            }
            var site = request.group().toLowerCase(Locale.ROOT);
            var page = Targets.withoutNumbers(Targets.decoded(Targets.path(target)));
            var group = MODSECURITY + " " + (entry.attack() ? Targets.template(target + request.body()) : site + page);
            builder.add(new RequestRow(
                    Origin.of(
                            MODSECURITY,
                            file.name(),
                            request.line(),
                            site,
                            entry.client(),
                            entry.attack() ? "matched" : "",
                            group,
                            Math.max(-1, entry.time().toEpochMilli())),
                    entry.attack(),
                    Sources.RECORDED_WEIGHT,
                    false,
                    request.method(),
                    target,
                    request.fields(),
                    request.body(),
                    entry.status()));
        }));
    }

    /** Flows are no requests: they are counted, and nothing is trained on them. */
    public void flows(DataFile file) throws IOException {
        var tally = begin(file);
        var counts = FlowTable.read(file);
        tally.account(counts.account());
        log.accept("%s: flows by label %s; no rows, for flows are no requests".formatted(file.name(), counts.labels()));
    }

    /** The public access logs that are in a folder, with what is known of their clients. */
    public void publicLogs(Path folder) throws IOException {
        new PublicLogs(builder, backgrounds, recordings.withSimulated(seed), seed, log).read(folder);
    }

    /** Every public set that lies below a folder. */
    public void everything(Path data) throws IOException {
        csic(data.resolve("csic2010"));
        appsec(data.resolve("waf-comparison"));
        crs(data);
        for (var file : found(data, PROBES)) {
            probes(file);
        }
        for (var file : found(data, PAYLOADS)) {
            payloads(file);
        }
        publicLogs(data.resolve("access-logs"));
    }

    /** Adds simulated floods and simulated harmless clients, where there are benign windows for them to stand against. */
    public void simulate(int runs) {
        if (builder.benignWindows() == 0) {
            log.accept("no benign windows, so no floods are simulated");
        } else {
            Simulations.add(builder, backgrounds, runs, seed, log);
        }
    }

    private List<DataFile> found(Path data, List<String> names) {
        return names.stream()
                .map(name -> name.split("/"))
                .map(name -> find(data.resolve(name[0]), name[1]))
                .flatMap(Optional::stream)
                .toList();
    }

    private DatasetBuilder.Tally begin(DataFile file) throws IOException {
        log.accept("reading " + file.set() + "/" + file.storedName());
        return builder.begin(file.set(), file.storedName(), file.sha256());
    }

    private void add(
            DatasetBuilder.Tally tally,
            DataFile file,
            RecordedRequest request,
            boolean attack,
            String source,
            String family,
            String group) {
        var target = Targets.origin(request.target());
        if (!Targets.isOriginForm(target)) {
            tally.setAside("no path in the request line", request.line());
            return;
        }
        var site = attack ? "" : source.equals(APPSEC) ? request.group() : source;
        builder.add(new RequestRow(
                Origin.of(source, file.name(), request.line(), site, "", family, group, -1),
                attack,
                Sources.RECORDED_WEIGHT,
                false,
                request.method(),
                target,
                request.fields(),
                request.body(),
                0));
    }

    private static RequestRow payload(DataFile file, String source, Payload payload, String encoded, double weight) {
        var group = payload.family() + " " + Targets.template(encoded);
        return new RequestRow(
                Origin.of(
                        source,
                        file.name(),
                        payload.line(),
                        payload.attack() ? "" : source,
                        "",
                        payload.attack() ? payload.family() : "",
                        group,
                        -1),
                payload.attack(),
                weight,
                true,
                "GET",
                Targets.PAYLOAD_QUERY + encoded,
                List.of(),
                "",
                0);
    }

    private Optional<DataFile> find(Path folder, String name) {
        var file = DataFile.find(folder, name);
        if (file.isEmpty()) {
            log.accept("missing, left out: " + folder.resolve(name) + "[.xz]");
            builder.note(Header.REQUESTS, "Not there and left out: " + folder.getFileName() + "/" + name + ".");
        }
        return file;
    }
}
