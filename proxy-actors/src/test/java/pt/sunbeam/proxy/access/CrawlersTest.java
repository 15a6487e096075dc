package pt.sunbeam.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import pt.sunbeam.config.CrawlerRule;
import pt.sunbeam.detector.http.Cidr;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;

/** Against a name server on loopback. */
class CrawlersTest {
    private static final String AGENT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    private static final IpAddress CRAWLER = IpAddress.parse("192.0.2.7");
    private static final CrawlerRule BY_NAME =
            new CrawlerRule("googlebot", "google", List.of("googlebot.com"), List.of());

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private NameServer server;

    @BeforeEach
    void start() throws IOException {
        server = new NameServer(Map.of(
                "7.2.0.192.in-addr.arpa. PTR", List.of("unrelated.example.", "Crawl-7.GoogleBot.com."),
                "crawl-7.googlebot.com. A", List.of("192.0.2.7"),
                "unrelated.example. A", List.of("192.0.2.7"),
                "8.2.0.192.in-addr.arpa. PTR", List.of("crawl-8.googlebot.com."),
                "crawl-8.googlebot.com. A", List.of("192.0.2.99"),
                "9.2.0.192.in-addr.arpa. PTR", List.of("crawl.evilgooglebot.com."),
                "crawl.evilgooglebot.com. A", List.of("192.0.2.9"),
                "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. PTR",
                        List.of("crawl-6.googlebot.com."),
                "crawl-6.googlebot.com. AAAA", List.of("2001:db8::1")));
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.close();
    }

    @Test
    void aCrawlerIsKnownOnceItsNameHasBeenLookedUp() throws IOException {
        var crawlers = crawlers(BY_NAME);

        assertThat(crawlers.verify(request(AGENT), CRAWLER)).isNull();
        answerAll();
        assertThat(crawlers.verify(request(AGENT), CRAWLER)).isEqualTo("google");
        assertThat(crawlers.verify(request(AGENT), IpAddress.parse("2001:db8::1")))
                .isNull();
        answerAll();
        assertThat(crawlers.verify(request(AGENT), IpAddress.parse("2001:db8::1")))
                .isEqualTo("google");
    }

    @Test
    void anAddressIsAskedForOnce() throws IOException {
        var crawlers = crawlers(BY_NAME);
        for (int i = 0; i < 100; i++) {
            crawlers.verify(request(AGENT), CRAWLER);
        }
        assertThat(waiting).hasSize(1);
        answerAll();
        crawlers.verify(request(AGENT), CRAWLER);
        assertThat(waiting).isEmpty();
    }

    @Test
    void aNameThatDoesNotLeadBackIsNoProof() throws IOException {
        assertThat(afterLookup("192.0.2.8")).isNull();
    }

    @Test
    void aDomainThatOnlyEndsLikeTheRulesIsAnother() throws IOException {
        assertThat(afterLookup("192.0.2.9")).isNull();
    }

    @Test
    void anAddressWithoutANameIsNoCrawler() throws IOException {
        assertThat(afterLookup("192.0.2.10")).isNull();
    }

    @Test
    void publishedRangesNeedNoLookup() throws IOException {
        var crawlers = crawlers(new CrawlerRule("googlebot", "google", List.of(), List.of(Cidr.parse("192.0.2.0/24"))));

        assertThat(crawlers.verify(request(AGENT), CRAWLER)).isEqualTo("google");
        assertThat(crawlers.verify(request(AGENT), IpAddress.parse("198.51.100.1")))
                .isNull();
        assertThat(waiting).isEmpty();
    }

    @Test
    void theAgentIsAWordWhereverItStands() throws IOException {
        var crawlers = crawlers(new CrawlerRule("googlebot", "google", List.of(), List.of(Cidr.parse("192.0.2.0/24"))));

        assertThat(crawlers.verify(request("GOOGLEBOT"), CRAWLER)).isEqualTo("google");
        assertThat(crawlers.verify(request("NotGooglebot/1.0"), CRAWLER)).isNull();
        assertThat(crawlers.verify(request("Googlebots/1.0"), CRAWLER)).isNull();
        assertThat(crawlers.verify(RequestHead.of("GET", "/"), CRAWLER)).isNull();
    }

    @Test
    void whoDoesNotClaimToBeACrawlerCausesNoLookup() throws IOException {
        crawlers(BY_NAME).verify(request("Mozilla/5.0"), CRAWLER);
        assertThat(waiting).isEmpty();
    }

    @Test
    void aFullQueueForgetsTheQuestion() {
        var asked = new AtomicInteger();
        var crawlers = new Crawlers(
                List.of(BY_NAME),
                _ -> List.of(),
                _ -> {
                    asked.incrementAndGet();
                    throw new RejectedExecutionException();
                },
                Duration.ofHours(1));
        crawlers.verify(request(AGENT), CRAWLER);
        crawlers.verify(request(AGENT), CRAWLER);
        assertThat(asked).hasValue(2);
    }

    private @Nullable String afterLookup(String address) throws IOException {
        var crawlers = crawlers(BY_NAME);
        crawlers.verify(request(AGENT), IpAddress.parse(address));
        assertThat(waiting).hasSize(1);
        answerAll();
        return crawlers.verify(request(AGENT), IpAddress.parse(address));
    }

    private Crawlers crawlers(CrawlerRule rule) throws IOException {
        var resolver = new SimpleResolver(server.address());
        resolver.setTimeout(Duration.ofSeconds(5));
        return new Crawlers(List.of(rule), new ReverseDns(resolver)::confirmedNames, waiting::add, Duration.ofHours(1));
    }

    private void answerAll() {
        for (Runnable lookup = waiting.poll(); lookup != null; lookup = waiting.poll()) {
            lookup.run();
        }
    }

    private static RequestHead request(String agent) {
        return RequestHead.of("GET", "/", "User-Agent", agent);
    }

    /** Answers over UDP from a table of "name type". */
    private static final class NameServer {
        private final DatagramSocket socket;
        private final Map<String, List<String>> records;
        private final Thread thread;

        NameServer(Map<String, List<String>> records) throws IOException {
            this.records = records;
            socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            thread = Thread.ofPlatform().daemon().start(this::serve);
        }

        InetSocketAddress address() {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }

        private void serve() {
            byte[] buffer = new byte[1_024];
            while (!socket.isClosed()) {
                try {
                    var packet = new DatagramPacket(buffer, buffer.length);
                    socket.receive(packet);
                    byte[] answer = answer(new Message(java.util.Arrays.copyOf(buffer, packet.getLength())))
                            .toWire();
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                } catch (IOException closed) {
                    return;
                }
            }
        }

        private Message answer(Message query) throws IOException {
            Record question = query.getQuestion();
            var answer = new Message(query.getHeader().getID());
            answer.getHeader().setFlag(Flags.QR);
            answer.addRecord(question, Section.QUESTION);
            var found = new ArrayList<Record>();
            String name = question.getName().toString().toLowerCase(java.util.Locale.ROOT);
            for (String value : records.getOrDefault(name + " " + Type.string(question.getType()), List.of())) {
                found.add(Record.fromString(question.getName(), question.getType(), DClass.IN, 60, value, Name.root));
            }
            found.forEach(record -> answer.addRecord(record, Section.ANSWER));
            answer.getHeader().setRcode(found.isEmpty() ? Rcode.NXDOMAIN : Rcode.NOERROR);
            return answer;
        }

        void close() throws InterruptedException {
            socket.close();
            thread.join(5_000);
        }
    }
}
