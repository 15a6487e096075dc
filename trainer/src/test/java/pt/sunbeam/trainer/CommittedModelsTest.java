package pt.sunbeam.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.codegen.Codegen;
import pt.sunbeam.codegen.ModelChecks;
import pt.sunbeam.codegen.ModelFile;
import pt.sunbeam.detector.feature.AddressFeatures;
import pt.sunbeam.detector.feature.ScannerFeatures;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.model.Models;
import pt.sunbeam.detector.model.Scratch;
import pt.sunbeam.detector.verdict.Escalation;
import pt.sunbeam.detector.verdict.Judge;
import pt.sunbeam.detector.verdict.Suspect;
import pt.sunbeam.detector.window.EventReader;
import pt.sunbeam.detector.window.SlidingWindow;
import pt.sunbeam.trainer.dataset.TrainingRecord;

/** The models that are committed: what they promise, and what anybody who switches them on will try first. */
class CommittedModelsTest {
    private static final String[] BROWSER = {
        "Host", "app.example.org",
        "User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
        "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language", "en-GB,en;q=0.5",
        "Cookie", "id=1"
    };
    private static final String[] CURL = {"Host", "app.example.org", "User-Agent", "curl/8.5.0", "Accept", "*/*"};

    private static final List<Detector> DETECTORS = List.of(Detector.SCANNER, Detector.DDOS, Detector.DDOS_BASELINE);

    @Test
    void theyPassTheChecksAndTheirTreesDefer() throws IOException {
        for (var detector : DETECTORS) {
            var model = load(detector).model();
            assertThat(ModelChecks.wellFormed(model)).isEmpty();
            assertThat(ModelChecks.unreachableLeaves(model)).isEmpty();
            assertThat(model.evidence()).isEqualTo(detector.evidence());
            assertThat(ModelChecks.notMonotone(model, detector.evidence())).isEmpty();
            assertThat(model.tree().nodes().toString()).contains("DEFER");
        }
    }

    @Test
    void theyWereFittedWithTheSettingsThatTheirCommandsHaveByDefault() throws IOException {
        for (var detector : DETECTORS) {
            var settings = TrainingRecord.read(TrainingRecord.beside(path(detector)))
                    .orElseThrow()
                    .settings();
            var parsed = Main.commandLine().parseArgs((detector.command() + " --dataset FILE").split(" "));
            var command = parsed.subcommand().commandSpec();
            settings.forEach((name, value) -> {
                var option = command.findOption("--" + name.replace('_', '-'));
                if (!name.equals("patience")) {
                    assertThat(option.<Object>getValue())
                            .as(detector.command() + " " + name)
                            .hasToString(value);
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/about", "/products/shoes/42", "/api/v1/items", "/static/app.3f2a.js", "/favicon.ico"})
    void ordinaryPagesAreAllowedForBrowsersAndPrograms(String target) {
        assertThat(blocksRequest(target, BROWSER)).isFalse();
        assertThat(blocksRequest(target, CURL)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.env",
                "/phpmyadmin/index.php",
                "/wp-admin/install.php",
                "/..%2f..%2fetc/passwd",
                "/a/%3Cscript%3Ealert(1)"
            })
    void whatOnlyScannersAskForIsBlockedWhateverTheHeaders(String target) {
        assertThat(blocksRequest(target, BROWSER)).isTrue();
        assertThat(blocksRequest(target, CURL)).isTrue();
    }

    /** The 12 features compare whole segments: "wp-login.php" is not "wp-login", and blocking it would block every PHP page of a root. */
    @Test
    void aLoginPageOfWordPressCannotBeToldFromAnyOtherPhpPage() {
        assertThat(features("/wp-login.php", BROWSER)).isEqualTo(features("/index.php", BROWSER));
        assertThat(blocksRequest("/index.php", BROWSER)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {120, 300, 1_000})
    void aBurstOnOneAddressIsBlockedWithinTwoSeconds(int rate) {
        var reader = new EventReader(1);
        var window = new SlidingWindow(60_000, 1_000);
        var head =
                RequestHead.of("GET", "/", "Host", "app.example.org", "User-Agent", "ApacheBench/2.3", "Accept", "*/*");
        boolean blocked = false;
        for (int i = 0; i < 2 * rate && !blocked; i++) {
            blocked = blocksAfter(window, reader, head, i, i * 1_000L / rate, 200);
        }
        assertThat(blocked).isTrue();
    }

    @Test
    void aPageOfFortyPartsLoadedThreeTimesAMinuteIsNeitherThrottledNorBlocked() {
        var judge = new Judge(Models.ddos(), 0.5, 10, Escalation.STANDARD, _ -> {});
        var reader = new EventReader(1);
        var suspect = new Suspect(new SlidingWindow(60_000, 1_000));
        int id = 0;
        for (int load = 0; load < 3; load++) {
            for (int part = 0; part < 40; part++) {
                var target = part == 0 ? "/page" : "/assets/" + part + ".js";
                var head = RequestHead.of(
                        "GET",
                        target,
                        "Host",
                        "app.example.org",
                        "User-Agent",
                        "Mozilla/5.0 Firefox/121.0",
                        "Referer",
                        "https://app.example.org/page",
                        "Cookie",
                        "id=1",
                        "Accept-Language",
                        "en");
                long millis = load * 15_000L + part * 25L;
                suspect.window().add(reader.read(head, id, millis));
                suspect.window().respond(id++, load == 0 ? 200 : 304, 20, false);
                var offence = suspect.judge(judge, millis);
                assertThat(offence == null ? null : judge.verdict(offence, null))
                        .as("load %d part %d", load, part)
                        .isNull();
            }
        }
    }

    @Test
    void aProgramThatAsksOneUrlEachSecondIsAllowedEvenWhileTheSiteIsDown() {
        var reader = new EventReader(1);
        var window = new SlidingWindow(60_000, 1_000);
        var head = RequestHead.of("GET", "/api/status", "Host", "app.example.org", "User-Agent", "curl/8.5.0");
        for (int i = 0; i < 180; i++) {
            assertThat(blocksAfter(window, reader, head, i, i * 1_000L, i < 90 ? 200 : 503))
                    .as("request %d", i)
                    .isFalse();
        }
    }

    private static boolean blocksAfter(
            SlidingWindow window, EventReader reader, RequestHead head, int id, long millis, int status) {
        window.evict(millis);
        window.add(reader.read(head, id, millis));
        var raw = new int[AddressFeatures.COUNT];
        window.features(raw);
        window.respond(id, status, 20, false);
        return window.size() >= 10 && (blocks(Models.ddos(), raw) || blocks(Models.ddosBaseline(), raw));
    }

    private static boolean blocksRequest(String target, String... fields) {
        return blocks(Models.scannerBaseline(), features(target, fields));
    }

    private static boolean blocks(Classifier model, int[] raw) {
        return model.judge(raw, new Scratch(model.features()), model.logitOf(0.5))
                .block();
    }

    private static int[] features(String target, String... fields) {
        var raw = new int[ScannerFeatures.COUNT];
        new ScannerFeatures(Set.of("app")).extract(RequestHead.of("GET", target, fields), raw);
        return raw;
    }

    private static ModelFile.Loaded load(Detector detector) throws IOException {
        return (ModelFile.Loaded) ModelFile.read(Files.readAllBytes(path(detector)));
    }

    private static Path path(Detector detector) {
        return Path.of("..").resolve(Codegen.MODELS).resolve(detector.model() + ".model");
    }
}
