package pt.sunbeam.trainer.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.trainer.Main;

class GenerateTest {
    private final StringWriter said = new StringWriter();
    private Site site;

    @BeforeEach
    void start() throws IOException {
        site = new Site();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--regular", "--connections=20", "--connections=3"})
    void aFloodComesFromAllItsAddressesEachAtARateOfItsOwn(String how) {
        assertThat(flood("--addresses=20", "--first-address=127.9.0.250", "--rate=4..12", "--seconds=3", how))
                .isZero();
        var perAddress = site.seen().stream().collect(Collectors.groupingBy(Site.Seen::from, Collectors.counting()));
        assertThat(perAddress).hasSize(20).containsKeys("127.9.0.250", "127.9.1.13");
        // 12 to 36 requests of each, within which Poisson's spread is wide.
        assertThat(perAddress.values()).allMatch(count -> count >= 2 && count <= 70);
        assertThat(site.seen()).hasSizeBetween(250, 650);
        assertThat(said.toString()).contains(" requests answered (200: ", "0 not, from 20 addresses");
    }

    @Test
    void whatAFloodAsksRotates() {
        assertThat(flood(
                        "--addresses=5",
                        "--rate=10..10",
                        "--seconds=2",
                        "--host=a.flood.test",
                        "--path=/one",
                        "--path=/two?q={}",
                        "--user-agent=A/1",
                        "--user-agent=B/2",
                        "--cookie=session={}",
                        "--method=POST",
                        "--body=name={}&text=hello"))
                .isZero();
        var seen = site.seen();
        assertThat(seen)
                .allMatch(one -> one.host().equals("a.flood.test")
                        && one.method().equals("POST")
                        && one.body().matches("name=[a-z]{8}&text=hello")
                        && one.referer() == null);
        assertThat(seen).extracting(Site.Seen::agent).containsOnly("A/1", "B/2");
        assertThat(seen).extracting(Site.Seen::target).contains("/one").anyMatch(target -> target.startsWith("/two?"));
        assertThat(seen.stream().map(Site.Seen::cookie).distinct()).hasSameSizeAs(seen);
    }

    @Test
    void aSteadyAddressKeepsWhatItIsKnownBy() {
        assertThat(flood("--addresses=8", "--rate=10..10", "--seconds=1", "--user-agent=A/{}", "--steady"))
                .isZero();
        assertThat(site.seen().stream().map(one -> one.from() + one.agent()).distinct())
                .hasSize(8);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "generate-flood, --url=http://192.0.2.1/, 192.0.2.1",
        "generate-flood, --url=http://shop.example/, shop.example",
        "generate-flood, --url=https://127.0.0.1/, https://127.0.0.1/",
        "generate-people, --url=http://10.0.0.1:8080/, 10.0.0.1",
        "generate-people, --first-address=192.0.2.1, 192.0.2.1",
        "generate-flood, --first-address=127.255.255.255 --addresses=2, 2 addresses from 127.255.255.255 on",
    })
    void nothingButThisMachineIsAsked(String command, String options, String named) {
        var url = options.contains("--url") ? "" : "--url=" + site.url("/");
        assertThat(run(Stream.of(command, url, "--seconds=1 " + options)
                        .flatMap(words -> Stream.of(words.split(" ", -1)))
                        .filter(word -> !word.isEmpty())))
                .isEqualTo(2);
        assertThat(said.toString()).contains("found " + named, "expected: ");
        assertThat(site.seen()).isEmpty();
    }

    @Test
    void aServerThatDoesNotAnswerIsAFailure() {
        var gone = site.url("/");
        site.close();
        assertThat(run(Stream.of("generate-flood", "--url", gone, "--rate=5..5", "--seconds=1")))
                .isEqualTo(1);
    }

    @Test
    void peopleFetchPagesWithTheirPartsAndKeepCookiesAndCopies() {
        assertThat(people("--visitors=4", "--addresses=4")).isZero();
        var seen = site.seen();
        assertThat(seen).extracting(Site.Seen::from).containsOnly("127.1.0.1", "127.1.0.2", "127.1.0.3", "127.1.0.4");
        assertThat(seen)
                .extracting(Site.Seen::target)
                .containsOnly("/", "/site.css", "/old", "/lamps", "/site.js", "/img/1.svg");
        assertThat(seen)
                .filteredOn(one -> one.target().equals("/img/1.svg"))
                .allMatch(one -> site.url("/lamps").equals(one.referer()));
        for (var one : seen.stream()
                .filter(one -> one.from().equals("127.1.0.1"))
                .skip(1)
                .toList()) {
            assertThat(one.cookie()).as(one.target()).isEqualTo("visit=7");
        }
        assertThat(seen.stream().filter(one -> one.from().equals("127.1.0.1") && "\"/site.css\"".equals(one.known())))
                .as("style sheets asked for again")
                .isNotEmpty();
        assertThat(said.toString()).contains("301: ", "304: ");
    }

    @Test
    void peopleBehindOneAddressDifferInTheirBrowsers() {
        assertThat(people("--visitors=20")).isZero();
        assertThat(site.seen()).extracting(Site.Seen::from).containsOnly("127.1.0.1");
        assertThat(site.seen().stream().map(Site.Seen::agent).distinct().count())
                .isGreaterThan(3);
    }

    private int flood(String... options) {
        return run(Stream.concat(Stream.of("generate-flood", "--url=" + site.url("/")), Stream.of(options)));
    }

    private int people(String... options) {
        return run(Stream.concat(
                Stream.of("generate-people", "--url=" + site.url("/"), "--think=0.2", "--seconds=4"),
                Stream.of(options)));
    }

    private int run(Stream<String> arguments) {
        var writer = new PrintWriter(said);
        return Main.commandLine().setOut(writer).setErr(writer).execute(arguments.toArray(String[]::new));
    }
}
