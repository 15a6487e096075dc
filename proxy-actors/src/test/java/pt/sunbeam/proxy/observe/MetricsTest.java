package pt.sunbeam.proxy.observe;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pt.sunbeam.cluster.DetectorCounters;
import pt.sunbeam.config.ConfigReader;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.config.SunbeamConfig.HostPort;
import pt.sunbeam.detector.model.Judgement;
import pt.sunbeam.proxy.tunnel.TunnelEnd;

class MetricsTest {
    private static final Duration SHOWN_WITHIN = Duration.ofSeconds(20);
    private static final String SHOP = Configs.backend("shop").url();

    private Metrics metrics;

    @BeforeEach
    void start() {
        var config = Configs.of(9_090, new HostPort("127.0.0.1", 0), "shop", "blog");
        metrics = Metrics.start(config, new Metrics.Model("scanner", "scanner-baseline", "c0ffee"));
    }

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void everySeriesIsThereBeforeTheFirstRequest() {
        assertThat(seriesOnce(series -> !series.isEmpty()))
                .containsEntry(request("GET", "shop", "200", SHOP), 0.0)
                .containsEntry(request("GET", "shop", "502", SHOP), 0.0)
                .containsEntry(request("GET", "blog", "429", "none"), 0.0)
                .containsEntry(request("GET", "unknown", "404", "none"), 0.0)
                .containsEntry("sunbeam_request_duration_seconds_count", 0.0)
                .containsEntry("sunbeam_request_duration_seconds_bucket{le=\"+Inf\"}", 0.0)
                .containsEntry("sunbeam_ddos_decisions_total{decision=\"block\"}", 0.0)
                .containsEntry("sunbeam_scanner_decisions_total{decision=\"block\",reason=\"ensemble:mlp\"}", 0.0)
                .containsEntry("sunbeam_active_connections", 0.0)
                .containsEntry("sunbeam_tunnels_open", 0.0)
                .containsEntry("sunbeam_tunnels_total{outcome=\"refused\"}", 0.0)
                .containsEntry("sunbeam_tunnels_total{outcome=\"idle\"}", 0.0)
                .containsEntry("sunbeam_tunnel_bytes_total{direction=\"client\"}", 0.0)
                .containsEntry("sunbeam_scanner_ensemble_path_total{path=\"tree_block\"}", 0.0)
                .containsEntry("sunbeam_ddos_ensemble_path_total{path=\"mlp\"}", 0.0)
                .containsEntry("sunbeam_audit_lines_dropped_total", 0.0)
                .containsEntry("sunbeam_ddos_events_dropped_total", 0.0)
                .containsEntry("sunbeam_ddos_tracked_addresses", 0.0)
                .containsEntry("sunbeam_ddos_detector_actors", 0.0)
                .containsEntry(
                        "sunbeam_model_info{detector=\"scanner\",name=\"scanner-baseline\",version=\"c0ffee\"}", 1.0)
                .anySatisfy((name, value) -> {
                    assertThat(name).matches("sunbeam_build_info\\{version=\"[0-9].*\"}");
                    assertThat(value).isEqualTo(1.0);
                });
    }

    @Test
    void countsRequestsAndTheirDuration() {
        metrics.request("GET", "shop", 200, SHOP, Duration.ofMillis(7).toNanos());
        metrics.request("GET", "shop", 200, SHOP, Duration.ofMillis(70).toNanos());
        metrics.request("POST", "shop", 502, SHOP, Duration.ofSeconds(3).toNanos());

        var series = seriesOnce(now -> now.getOrDefault("sunbeam_request_duration_seconds_count", 0.0) == 3.0);
        assertThat(series)
                .containsEntry(request("GET", "shop", "200", SHOP), 2.0)
                .containsEntry(request("POST", "shop", "502", SHOP), 1.0)
                .containsEntry("sunbeam_request_duration_seconds_bucket{le=\"0.005\"}", 0.0)
                .containsEntry("sunbeam_request_duration_seconds_bucket{le=\"0.01\"}", 1.0)
                .containsEntry("sunbeam_request_duration_seconds_bucket{le=\"0.1\"}", 2.0)
                .containsEntry("sunbeam_request_duration_seconds_bucket{le=\"10.0\"}", 3.0);
    }

    @Test
    void countsTunnelsThatAreOpenHowTheyEndedAndTheirBytes() {
        metrics.tunnelBegan();
        metrics.tunnelBegan();
        metrics.tunnelEnded(new TunnelEnd(TunnelEnd.Cause.UPSTREAM_CLOSED, 10, 1_000));
        metrics.tunnelRefused();

        assertThat(seriesOnce(now -> now.getOrDefault("sunbeam_tunnels_open", 0.0) == 1.0
                        && now.getOrDefault("sunbeam_tunnels_total{outcome=\"refused\"}", 0.0) > 0))
                .containsEntry("sunbeam_tunnels_total{outcome=\"upstream_closed\"}", 1.0)
                .containsEntry("sunbeam_tunnel_bytes_total{direction=\"upstream\"}", 10.0)
                .containsEntry("sunbeam_tunnel_bytes_total{direction=\"client\"}", 1_000.0);
    }

    @Test
    void noClientMakesSeries() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            String hostile = hostile(random);
            metrics.request(
                    hostile,
                    i % 2 == 0 ? hostile : null,
                    random.nextInt(-5, 1_000),
                    i % 3 == 0 ? hostile : null,
                    random.nextLong(1_000_000));
            metrics.ddos(hostile);
            metrics.scanner(hostile, hostile);
        }
        metrics.ddos("block");

        var series = seriesOnce(now -> now.getOrDefault("sunbeam_ddos_decisions_total{decision=\"block\"}", 0.0) > 0);
        var unknown = series.keySet().stream()
                .filter(name -> name.startsWith("sunbeam_requests_total{"))
                .filter(name -> name.contains("method=\"other\""))
                .toList();
        // One for each three-digit status, one for "nothing written", one for every other number.
        assertThat(unknown)
                .hasSizeLessThanOrEqualTo(502)
                .allSatisfy(
                        name -> assertThat(name)
                                .matches(
                                        "sunbeam_requests_total\\{backend=\"none\",host=\"unknown\",method=\"other\",status=\"(\\d{1,3}|other)\"}"));
        assertThat(series).containsEntry("sunbeam_ddos_decisions_total{decision=\"other\"}", 20_000.0);
        assertThat(series)
                .containsEntry("sunbeam_scanner_decisions_total{decision=\"other\",reason=\"other\"}", 20_000.0);
    }

    @Test
    void aThousandReloadsLeaveTheSeriesOfTheLastOne() {
        int before = seriesOnce(series -> !series.isEmpty()).size();
        var random = new SplittableRandom(1);
        for (int i = 0; i < 1_000; i++) {
            String host = "host" + i;
            var model = new Metrics.Model("scanner", "lexicon", Integer.toHexString(i));
            metrics.configure(config("shop", host), model);
            for (int j = 0; j < 5; j++) {
                metrics.request(
                        "POST",
                        host,
                        random.nextInt(100, 600),
                        Configs.backend(host).url(),
                        1);
            }
            metrics.request("GET", "shop", 204, SHOP, 1);
        }
        metrics.request("GET", "host0", 200, Configs.backend("host0").url(), 1); // one that began long ago

        var series = seriesOnce(now -> now.containsKey(request(
                        "GET", "host999", "502", Configs.backend("host999").url()))
                && now.keySet().stream().noneMatch(name -> name.contains("\"host998\"")));
        assertThat(series.keySet()).noneMatch(name -> name.matches(".*\"(http://[^\"]*/)?host(?!999\")\\d+\".*"));
        assertThat(series)
                .hasSizeLessThan(before + 50)
                .containsKey(request(
                        "GET", "host999", "502", Configs.backend("host999").url()))
                .containsEntry(request("GET", "shop", "204", SHOP), 1_000.0)
                .containsEntry("sunbeam_model_info{detector=\"scanner\",name=\"lexicon\",version=\"3e7\"}", 1.0);
        assertThat(series.keySet().stream().filter(name -> name.matches("sunbeam_model_info.*\"lexicon\".*")))
                .hasSize(1);
    }

    @Test
    void aHostThatIsTakenAwayAndComesBackIsCounted() {
        metrics.configure(config("shop"));
        metrics.configure(config("shop", "blog"));
        metrics.request("GET", "blog", 200, Configs.backend("blog").url(), 1);
        seriesOnce(now -> now.getOrDefault(
                        request("GET", "blog", "200", Configs.backend("blog").url()), 0.0)
                == 1.0);
    }

    @Test
    void aCrawlerThatIsNoLongerConfiguredIsCountedAsAnother() {
        var series = "sunbeam_scanner_decisions_total{decision=\"allow\",reason=\"allowlist:%s\"}";
        metrics.configure(withCrawler("allowlist:Abot"));
        metrics.scanner("allow", "allowlist:Abot");
        seriesOnce(now -> now.getOrDefault(series.formatted("Abot"), 0.0) == 1.0);
        metrics.configure(withCrawler("allowlist:Bbot"));
        metrics.scanner("allow", "allowlist:Abot");
        assertThat(seriesOnce(
                        now -> now.containsKey(series.formatted("Bbot")) && !now.containsKey(series.formatted("Abot"))))
                .containsKey("sunbeam_scanner_decisions_total{decision=\"allow\",reason=\"ensemble:mlp\"}");
    }

    private static SunbeamConfig withCrawler(String reason) {
        return switch (ConfigReader.readText("test.conf", """
                listen.http = "127.0.0.1:0"
                scanner.allowlist = [{ ua_prefix = bot, cidrs = ["192.0.2.0/24"], reason = "%s" }]
                """.formatted(reason))) {
            case ConfigReader.Loaded(var config) -> config;
            case ConfigReader.Rejected(var faults) -> throw new AssertionError(String.join("\n", faults));
        };
    }

    private static SunbeamConfig config(String... hosts) {
        return Configs.of(9_090, new HostPort("127.0.0.1", 0), hosts);
    }

    @Test
    void everyStageOfARequestIsTimed() {
        metrics.stage(Stage.UPSTREAM, Duration.ofMillis(7).toNanos());
        var bucket = "sunbeam_stage_duration_seconds_bucket{le=\"%s\",stage=\"upstream\"}";
        // others in this process may have told of stages too
        var series = seriesOnce(now ->
                now.getOrDefault(bucket.formatted("0.01"), 0.0) > now.getOrDefault(bucket.formatted("0.005"), 0.0));
        for (Stage stage : Stage.values()) {
            assertThat(series)
                    .containsKey(
                            "sunbeam_stage_duration_seconds_bucket{le=\"+Inf\",stage=\"%s\"}".formatted(stage.label()));
        }
    }

    @Test
    void aBackendOfAnotherHostIsNotABackendOfThisOne() {
        metrics.request("GET", "blog", 200, SHOP, 1);
        assertThat(seriesOnce(now -> now.getOrDefault(request("GET", "blog", "200", "none"), 0.0) == 1.0))
                .doesNotContainKey(request("GET", "blog", "200", SHOP));
    }

    @Test
    void whatIsInFlightGoesUpAndDown() {
        metrics.active(+1);
        metrics.active(+1);
        metrics.active(-1);
        seriesOnce(now -> now.getOrDefault("sunbeam_active_connections", 0.0) == 1.0);
        metrics.active(-1);
        seriesOnce(now -> now.getOrDefault("sunbeam_active_connections", 1.0) == 0.0);
    }

    @Test
    void exportsTheTotalsOfTheDetectors() {
        var counters = new DetectorCounters();
        metrics.watch(counters);
        requireNonNull(counters.judgements.get(Judgement.MLP_ALLOW)).add(2);
        requireNonNull(counters.judgements.get(Judgement.MLP_BLOCK)).add(3);
        requireNonNull(counters.judgements.get(Judgement.TREE_ALLOW)).add(5);
        counters.dropped.add(7);
        counters.trackedAddresses.add(11);
        counters.trackable.add(12);
        counters.detectorActors.add(13);
        assertThat(seriesOnce(now -> now.getOrDefault("sunbeam_ddos_tracked_addresses", 0.0) == 11.0
                        && now.getOrDefault("sunbeam_ddos_events_dropped_total", 0.0) == 7.0))
                .containsEntry("sunbeam_ddos_ensemble_path_total{path=\"mlp\"}", 5.0)
                .containsEntry("sunbeam_ddos_ensemble_path_total{path=\"tree_allow\"}", 5.0)
                .containsEntry("sunbeam_ddos_trackable_addresses", 12.0)
                .containsEntry("sunbeam_ddos_detector_actors", 13.0);
    }

    @Test
    void judgementsOfTheScannerAreCountedByPath() {
        for (Judgement judgement : Judgement.values()) {
            metrics.scannerPath(judgement);
        }
        assertThat(seriesOnce(now -> now.getOrDefault("sunbeam_scanner_ensemble_path_total{path=\"mlp\"}", 0.0) == 2.0))
                .containsEntry("sunbeam_scanner_ensemble_path_total{path=\"tree_allow\"}", 1.0)
                .containsEntry("sunbeam_scanner_ensemble_path_total{path=\"tree_block\"}", 1.0);
    }

    private static String request(String method, String host, String status, String backend) {
        return "sunbeam_requests_total{backend=\"%s\",host=\"%s\",method=\"%s\",status=\"%s\"}"
                .formatted(backend, host, method, status);
    }

    private static String hostile(SplittableRandom random) {
        var bytes = new byte[random.nextInt(1, 40)];
        random.nextBytes(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Waits until the text shows what is expected, and gives its series by name with sorted labels. */
    private Map<String, Double> seriesOnce(Predicate<Map<String, Double>> shown) {
        long deadline = System.nanoTime() + SHOWN_WITHIN.toNanos();
        while (true) {
            var series = series(metrics.text());
            if (shown.test(series)) {
                return series;
            }
            assertThat(System.nanoTime()).as("deadline; shown was %s", series).isLessThan(deadline);
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static Map<String, Double> series(String text) {
        var series = new TreeMap<String, Double>();
        for (String line : text.lines().filter(line -> !line.startsWith("#")).toList()) {
            int blank = line.lastIndexOf(' ');
            String name = line.substring(0, blank);
            int brace = name.indexOf('{');
            if (brace >= 0) {
                var labels =
                        List.of(name.substring(brace + 1, name.length() - 1).split(",(?=\\w+=\")"));
                name = name.substring(0, brace + 1)
                        + String.join(",", labels.stream().sorted().toList()) + "}";
            }
            series.put(name, Double.valueOf(line.substring(blank + 1)));
        }
        return series;
    }
}
