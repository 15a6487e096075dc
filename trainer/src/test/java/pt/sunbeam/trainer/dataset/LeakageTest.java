package pt.sunbeam.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import pt.sunbeam.detector.feature.ScannerFeatures;
import pt.sunbeam.trainer.cart.Branch;
import pt.sunbeam.trainer.cart.Cart;
import pt.sunbeam.trainer.quantise.Quantiser;
import pt.sunbeam.trainer.quantise.Sample;
import pt.sunbeam.trainer.read.DataFile;

/**
 * Labels must not show in anything but what the request asks for. Each source, in a small set of our own that differs in envelope as the public ones do, is
 * read, and a tree is grown: on permuted labels it must know nothing of rows held out; on true labels it must know nothing from the envelope.
 */
class LeakageTest {
    private static final Set<Integer> PATH = Set.of(
            ScannerFeatures.SUSPICIOUS_PATH_SCORE,
            ScannerFeatures.PATH_DEPTH,
            ScannerFeatures.HAS_SUSPICIOUS_EXTENSION,
            ScannerFeatures.PATH_HAS_TRAVERSAL);

    @TempDir
    Path folder;

    /** Sources of requests. Those that hold attacks alone stand against the same benign set. */
    enum Source {
        CSIC,
        APPSEC,
        CRS,
        PROBES,
        PAYLOADS,
        MODSECURITY,
        AUDIT,
        ACCESS_LOG
    }

    @ParameterizedTest
    @EnumSource
    void permutedLabelsTeachNothingAboutRowsHeldOut(Source source) throws IOException {
        var rows = new ArrayList<RequestRow>();
        dataset(source).forEach(RequestRow.class, rows::add);
        var random = new SplittableRandom(source.name().hashCode());
        // One model alone may be lucky or unlucky by the size of the test set; over several permutations that evens
        // out.
        double sum = 0;
        int permutations = 12;
        for (int i = 0; i < permutations; i++) {
            long seed = random.nextLong();
            var permuted = rewritten(rows, row -> Hash.of(row.target() + row.body(), seed) % 2 == 0);
            sum += auc(permuted, seed, Set.of());
        }
        assertThat(sum / permutations).isBetween(0.44, 0.56);
    }

    @ParameterizedTest
    @EnumSource
    void theEnvelopeSaysNothingOfTheLabel(Source source) throws IOException {
        var file = dataset(source);
        double sum = 0;
        int draws = 12;
        for (int seed = 0; seed < draws; seed++) {
            sum += auc(file, seed, PATH);
        }
        assertThat(sum / draws).isBetween(0.44, 0.56);
    }

    @Test
    void theTestsSeeWhatIsThere() throws IOException {
        assertThat(auc(dataset(Source.AUDIT), 7, Set.of())).isGreaterThan(0.8);
    }

    /** Area under the curve on rows held out, of a tree grown on the others without some features. */
    private static double auc(DatasetFile file, long seed, Set<Integer> blanked) throws IOException {
        List<Row> rows;
        try {
            rows = ScannerDataset.of(file, new Split.ByTime(), seed).rows();
        } catch (DatasetException oneSided) {
            throw new AssertionError(oneSided);
        }
        rows.forEach(row -> blanked.forEach(feature -> row.raw()[feature] = 0));
        // All rows of a fit, whether the features see the attack or not: what is fitted is chosen by label.
        var train = rows.stream()
                .filter(row -> row.role() != Role.TEST)
                .map(row -> row.withWeight(1))
                .toList();
        var quantiser = Quantiser.fit(train, ScannerFeatures.NAMES, ScannerFeatures.UNITS, 16);
        Branch tree = Cart.grow(Sample.of(train, quantiser), new Cart.Settings(5, 1, 5, Set.of()));
        Function<Row, Double> score = row -> {
            var leaf = tree.leaf(quantiser.quantise(row.raw()));
            return leaf.attack() / (leaf.attack() + leaf.benign());
        };
        var attacks = rows.stream()
                .filter(row -> row.role() == Role.TEST && row.attack())
                .map(score)
                .toList();
        var benign = rows.stream()
                .filter(row -> row.role() == Role.TEST && !row.attack())
                .map(score)
                .toList();
        assertThat(attacks).hasSizeGreaterThan(20);
        assertThat(benign).hasSizeGreaterThan(20);
        double above = 0;
        for (double attack : attacks) {
            for (double other : benign) {
                above += attack > other ? 1 : attack == other ? 0.5 : 0;
            }
        }
        return above / attacks.size() / benign.size();
    }

    private DatasetFile rewritten(List<RequestRow> rows, Function<RequestRow, Boolean> attack) throws IOException {
        var path = folder.resolve("permuted.bin");
        try (var builder = new DatasetBuilder(1)) {
            builder.begin("permuted", "", "");
            for (var row : rows) {
                builder.add(new RequestRow(
                        row.origin(),
                        attack.apply(row),
                        row.weight(),
                        row.payload(),
                        row.method(),
                        row.target(),
                        row.fields(),
                        row.body(),
                        row.status()));
            }
            builder.finish(path);
        }
        return DatasetFile.open(path);
    }

    private DatasetFile dataset(Source source) throws IOException {
        var path = folder.resolve("dataset.bin");
        try (var builder = new DatasetBuilder(1)) {
            var sources = new SourceFiles(builder, Recordings.none(), 1, _ -> {});
            switch (source) {
                case CSIC -> {
                    write("csic/normalTrafficTraining.txt", 300, i -> raw("/shop/" + page(i), "Cookie: a=1\r\n"));
                    write("csic/anomalousTrafficTest.txt", 300, i -> raw(probe(i), "Connection: close\r\n"));
                    sources.csic(folder.resolve("csic"));
                }
                case APPSEC, PROBES, PAYLOADS, CRS -> {
                    write("appsec/legitimate.jsonl", 600, i -> appsec("site", "s" + i % 60, "/" + page(i)));
                    sources.appsec(folder.resolve("appsec"));
                }
                default -> {}
            }
            switch (source) {
                case APPSEC -> {
                    write(
                            "attacks/malicious.jsonl",
                            400,
                            i -> appsec("class", "traversal", "/?p=" + "..%2f".repeat(1 + i % 7) + word(i)));
                    sources.appsec(folder.resolve("attacks"));
                }
                case CRS ->
                    sources.crs(write(
                            "crs.jsonl",
                            400,
                            i ->
                                    "{\"file\":\"f\",\"rule_id\":%d,\"method\":\"GET\",\"uri\":\"%s\",\"headers\":{\"User-Agent\":\"crs\"},\"data\":\"\",\"encoded_request\":\"\",\"expect_ids\":[1],\"label\":\"attack\"}"
                                            .formatted(930_000 + i % 80, probe(i))));
                case PROBES -> sources.probes(write("probes.txt", 400, LeakageTest::probe));
                case PAYLOADS ->
                    sources.payloads(write("payloads.txt", 400, i -> "../".repeat(1 + i % 9) + word(i) + "'"));
                case MODSECURITY -> sources.modsecurity(write("modsec.log", 600, LeakageTest::modsecurity));
                case AUDIT ->
                    sources.audit(
                            write("audit.log", 800, LeakageTest::audit), Heuristics.STANDARD, AddressLabels.none());
                case ACCESS_LOG ->
                    sources.access(
                            write("access.log", 800, LeakageTest::access), Heuristics.STANDARD, AddressLabels.none());
                case CSIC -> {}
            }
            builder.finish(path);
        }
        return DatasetFile.open(path);
    }

    private DataFile write(String name, int count, IntFunction<String> record) throws IOException {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(record.apply(i)).append('\n');
        }
        var path = folder.resolve(name);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        return new DataFile(path);
    }

    private static String word(int i) {
        return Integer.toString(Hash.of("word", i) & 0xff_ffff, 36);
    }

    private static String page(int i) {
        return (word(i) + "/").repeat(i % 4) + word(i + 10_000) + (i % 3 == 0 ? "" : ".html");
    }

    private static String probe(int i) {
        return "/" + word(i)
                + List.of("/.env", "/phpinfo", "/x.php", "/..%2f..", "/.git").get(i % 5);
    }

    private static String raw(String target, String field) {
        return "GET http://shop.example%s HTTP/1.1\r\nHost: shop.example\r\n%s\r\n".formatted(target, field);
    }

    private static String appsec(String key, String value, String url) {
        boolean attack = key.equals("class");
        return "{\"%s\":\"%s\",\"method\":\"GET\",\"url\":\"%s\",\"headers\":{%s},\"data\":\"\"}"
                .formatted(
                        key,
                        value,
                        url,
                        attack
                                ? "\"User-Agent\":\"one\",\"Connection\":\"close\""
                                : "\"User-Agent\":\"Mozilla/5.0 Chrome/120.0\",\"Accept\":\"text/html\",\"Cookie\":\"a=1\"");
    }

    private static String modsecurity(int i) {
        boolean attack = i % 2 == 0;
        return """
                --%1$08x-A--
                [05/Jan/2026:10:%9$02d:%10$02d +0000] %2$s 192.0.2.%3$d 40000 192.0.2.1 80
                --%1$08x-B--
                GET %4$s HTTP/1.1
                Host: site%5$d.example
                %6$s

                --%1$08x-F--
                HTTP/1.1 %7$d X

                --%1$08x-H--
                %8$s

                --%1$08x-Z--
                """.formatted(
                        0xa0000 + i,
                        "Zx" + "abcdefghijklmnopqrstuvwxyz".substring(0, 20) + i,
                        1 + i % 200,
                        attack ? probe(i) : "/" + page(i),
                        i % 40,
                        attack ? "User-Agent: sqlmap" : "Cookie: a=1",
                        attack ? 403 : 200,
                        attack ? "Message: Warning. Matched phrase [id \"930130\"]" : "Stopwatch: 1 2",
                        i / 60,
                        i % 60);
    }

    private static String audit(int i) {
        boolean attack = i % 2 == 0;
        var absent = attack ? "-" : "https://shop.example/";
        return String.format(
                Locale.ROOT,
                "{\"timestamp\":\"2026-01-05T08:%02d:%02d.000000Z\",\"level\":\"INFO\",\"target\":\"audit\",\"fields\":{\"request_id\":\"r%d\",\"method\":\"GET\",\"host\":\"shop.example\",\"path\":\"%s\",\"query\":\"\",\"client_ip\":\"192.0.2.%d\",\"status\":%d,\"duration_ms\":5,\"content_length\":0,\"response_bytes\":10,\"user_agent\":\"%s\",\"referer\":\"%s\",\"accept_language\":\"%s\",\"accept\":\"*/*\",\"accept_encoding\":\"gzip\",\"has_cookies\":%b,\"connection\":\"-\",\"cf_country\":\"-\",\"backend\":\"-\",\"error\":\"-\",\"http_version\":\"HTTP/1.1\",\"header_count\":4,\"label\":\"%s\"}}",
                i / 60,
                i % 60,
                i,
                attack ? probe(i) : "/" + page(i),
                attack ? 7 : 10 + i % 100,
                attack ? 404 : 200,
                attack ? "curl/8" : "Mozilla/5.0 Firefox/121.0",
                absent,
                attack ? "-" : "en",
                !attack,
                attack ? "attack" : "normal");
    }

    private static String access(int i) {
        boolean attack = i % 2 == 0;
        return "192.0.2.%d - - [05/Jan/2026:08:%02d:%02d +0000] \"GET %s HTTP/1.1\" %d 10 \"%s\" \"%s\""
                .formatted(
                        attack ? 7 : 10 + i % 100,
                        i / 60,
                        i % 60,
                        attack ? "/" + word(i) + "/phpinfo" : "/" + page(i),
                        attack ? 404 : 200,
                        attack ? "-" : "https://shop.example/",
                        attack ? "curl/8" : "Mozilla/5.0 Firefox/121.0");
    }
}
