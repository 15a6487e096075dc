package pt.sunbeam.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.trainer.read.DataException;

/** Recorded campaigns, read and laid over a log. */
class OverlayTest {
    @TempDir
    Path folder;

    private record Seen(Overlay.Laid laid, String client, Exchange exchange, long id) {}

    @Test
    void aLogOfTheProxyIsReadAsCampaignsByTheirHosts() throws IOException {
        Files.writeString(
                folder.resolve("campaigns.tsv"),
                "# host tool kind\nhammer.test wrk people\nquiet.test  wrk slow-flood\nnever.test wrk flood\n");
        Files.writeString(
                folder.resolve("wrk.audit"),
                line("2024-01-01T00:00:02Z", "hammer.test:8080", "192.0.2.1", "/a?b=c", 404)
                        + line("2024-01-01T00:00:01Z", "hammer.test", "192.0.2.2", "/b", 200)
                        + line("2024-01-01T00:00:01Z", "quiet.test", "192.0.2.3", "/", 200));
        var campaigns = Recordings.read(folder, _ -> {}).campaigns();
        assertThat(campaigns).extracting(Campaign::name).containsExactly("hammer.test", "quiet.test");
        assertThat(campaigns).extracting(Campaign::attack).containsExactly(false, true);
        assertThat(campaigns.getFirst().shots())
                .extracting(shot -> shot.client() + " " + shot.exchange().target() + " "
                        + shot.exchange().status())
                .containsExactly("192.0.2.2 /b 200", "192.0.2.1 /a?b=c 404");
    }

    @Test
    void aHostThatTheTableDoesNotKnowIsNamedWithItsLine() throws IOException {
        Files.writeString(folder.resolve("campaigns.tsv"), "hammer.test wrk flood\n");
        Files.writeString(
                folder.resolve("wrk.audit"),
                line("2024-01-01T00:00:01Z", "hammer.test", "192.0.2.1", "/", 200)
                        + line("2024-01-01T00:00:02Z", "other.test", "192.0.2.1", "/", 200));
        assertThatThrownBy(() -> Recordings.read(folder, _ -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("wrk.audit:2: host \"other.test\" is not in campaigns.tsv");
    }

    @Test
    void aBrokenLineOfTheTableIsNamed() throws IOException {
        Files.writeString(folder.resolve("campaigns.tsv"), "hammer.test wrk flood\nquiet.test wrk kindness\n");
        assertThatThrownBy(() -> Recordings.read(folder, _ -> {}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("campaigns.tsv:2: found kind \"kindness\"");
    }

    @Test
    void eachTwentyMinutesOfTheLogHasTheNextCampaignAtOtherAddressesWithItsTimesKept() {
        var campaigns = List.of(campaign("one.test", 3), campaign("two.test", 300));
        var seen = new ArrayList<Seen>();
        var overlay = new Overlay(
                campaigns, "log", 1, (laid, client, exchange, id) -> seen.add(new Seen(laid, client, exchange, id)));
        long start = 10 * Overlay.EVERY_MILLIS;
        for (int minute = 0; minute < 120; minute++) {
            overlay.at(start + minute * 60_000L + 7, "www.example.net");
        }
        Map<Integer, List<Seen>> lays = new HashMap<>();
        seen.forEach(one -> lays.computeIfAbsent(one.laid().number(), _ -> new ArrayList<>())
                .add(one));
        assertThat(lays.keySet()).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6);
        var addresses = new HashSet<String>();
        lays.forEach((number, its) -> {
            var campaign = its.getFirst().laid().campaign();
            long first = start + (number - 1) * Overlay.EVERY_MILLIS + 7;
            for (int i = 0; i < its.size(); i++) {
                var exchange = its.get(i).exchange();
                var recorded = campaign.shots().get(i).exchange();
                assertThat(exchange.millis() - first).isEqualTo(recorded.millis() - campaign.firstMillis());
                assertThat(exchange.host()).isEqualTo("www.example.net");
                assertThat(exchange.target()).isEqualTo(recorded.target());
                assertThat(exchange.status()).isEqualTo(recorded.status());
                assertThat(its.get(i).id()).isEqualTo(i + 1);
            }
            var now = new HashSet<>(its.stream().map(Seen::client).toList());
            assertThat(now).hasSizeBetween(campaign.clients() * 9 / 10, campaign.clients());
            assertThat(addresses).doesNotContainAnyElementsOf(now);
            addresses.addAll(now);
        });
        assertThat(seen.stream().map(one -> one.laid().campaign().name()).distinct())
                .hasSize(2);
    }

    @Test
    void anAttackThatTheRecordingCutOffGoesOnForTenSeconds() {
        var shots = IntStream.range(0, 3)
                .mapToObj(i -> new Campaign.Shot(
                        "127.0.0.1",
                        new Exchange(5_000 + 100L * i, "a", "GET", "/" + i, "", "", false, false, 0, 200, 1)))
                .toList();
        var flood = Campaign.of("a", "tool", Campaign.Kind.FLOOD, shots).shots();
        assertThat(flood).hasSize(100);
        assertThat(flood.getLast().exchange().millis()).isEqualTo(5_000 + 9_900);
        assertThat(flood.get(4).exchange().target()).isEqualTo("/1");
        assertThat(Campaign.of("a", "tool", Campaign.Kind.PEOPLE, shots).shots())
                .hasSize(3);
    }

    @Test
    void neighboursStayNeighboursEverySecondTime() {
        var campaign = campaign("one.test", 50);
        var networks = new HashMap<Integer, HashSet<String>>();
        var overlay = new Overlay(
                List.of(campaign),
                "log",
                1,
                (laid, client, _, _) -> networks.computeIfAbsent(laid.number(), _ -> new HashSet<>())
                        .add(client.substring(0, client.lastIndexOf('.'))));
        overlay.at(0, "a");
        overlay.at(Overlay.EVERY_MILLIS, "a");
        assertThat(networks.get(1)).hasSize(1);
        assertThat(networks.get(2)).hasSizeGreaterThan(45);
    }

    private static Campaign campaign(String name, int clients) {
        return Campaign.of(
                name,
                "tool",
                Campaign.Kind.FLOOD,
                IntStream.range(0, 2 * clients)
                        .mapToObj(i -> new Campaign.Shot(
                                "127.1.%d.%d".formatted(i % clients / 250, i % clients % 250),
                                new Exchange(
                                        1_000_000 + 137L * i,
                                        name,
                                        "GET",
                                        "/" + i,
                                        "",
                                        "agent",
                                        true,
                                        false,
                                        0,
                                        200 + i % 2,
                                        5)))
                        .toList());
    }

    private static String line(String timestamp, String host, String client, String target, int status) {
        int query = target.indexOf('?');
        return String.format(
                Locale.ROOT,
                "{\"timestamp\":\"%s\",\"level\":\"INFO\",\"target\":\"audit\",\"fields\":{\"request_id\":\"r\",\"method\":\"GET\",\"host\":\"%s\",\"path\":\"%s\",\"query\":\"%s\",\"client_ip\":\"%s\",\"status\":%d,\"duration_ms\":0,\"content_length\":0,\"response_bytes\":10,\"user_agent\":\"wrk\",\"referer\":\"-\",\"accept_language\":\"-\",\"accept\":\"*/*\",\"accept_encoding\":\"-\",\"has_cookies\":false,\"connection\":\"-\",\"cf_country\":\"-\",\"backend\":\"-\",\"error\":\"-\",\"http_version\":\"HTTP/1.1\",\"header_count\":4}}%n",
                timestamp,
                host,
                query < 0 ? target : target.substring(0, query),
                query < 0 ? "" : target.substring(query + 1),
                client,
                status);
    }
}
