package pt.sunbeam.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A backend by its name: a resolver on loopback says what it stands for, and changes its mind. */
@Timeout(60)
class UpstreamNamesTest {
    @TempDir
    Path folder;

    private final AtomicInteger questions = new AtomicInteger();
    private volatile List<String> addresses = List.of("127.0.0.1", "127.0.0.2");
    private volatile int rcode = Rcode.NOERROR;
    private DatagramSocket resolver;
    private Origin one;
    private Origin two;
    private Proxy proxy;

    @BeforeEach
    void start() throws IOException {
        resolver = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::resolve);
        one = new Origin(saying("one"));
        two = new Origin(new ServerSocket(one.port(), 64, InetAddress.ofLiteral("127.0.0.2")), saying("two"));
        proxy = Proxies.start(
                one.port(), folder.resolve("audit.log"), """
                ddos.enabled = false
                scanner.enabled = false
                upstream.dns { resolvers = ["127.0.0.1:%d"], min_ttl = 100 ms, max_ttl = 100 ms }
                routes = [{ host_prefix = shop, backend = "http://shop.test:%d" }]
                """.formatted(resolver.getLocalPort(), one.port()));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        one.kill();
        two.kill();
        resolver.close();
    }

    private static Origin.Script saying(String word) {
        return connection -> {
            while (true) {
                connection.read();
                connection.send("HTTP/1.1 200 OK\nContent-Length: 3\n\n" + word);
            }
        };
    }

    private void resolve() {
        try {
            var received = new DatagramPacket(new byte[2_000], 2_000);
            while (true) {
                resolver.receive(received);
                byte[] answer = answer(new Message(Arrays.copyOf(received.getData(), received.getLength())))
                        .toWire();
                questions.incrementAndGet();
                resolver.send(new DatagramPacket(answer, answer.length, received.getSocketAddress()));
            }
        } catch (SocketException closed) {
            // The test is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Message answer(Message question) {
        var answer = new Message(question.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        var asked = question.getQuestion();
        answer.addRecord(asked, Section.QUESTION);
        boolean known = asked.getName().toString(true).equals("shop.test");
        answer.getHeader().setRcode(known ? rcode : Rcode.NXDOMAIN);
        if (known && rcode == Rcode.NOERROR && asked.getType() == Type.A) {
            for (String address : addresses) {
                answer.addRecord(
                        new ARecord(asked.getName(), DClass.IN, 300, InetAddress.ofLiteral(address)), Section.ANSWER);
            }
        }
        return answer;
    }

    private String get() {
        try (var connection = RawConnection.to(proxy.httpPort())) {
            return connection
                    .send("GET / HTTP/1.1\nHost: shop.example\n\n")
                    .read()
                    .text();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Set<String> answers(int requests) {
        var words = new TreeSet<String>();
        for (int i = 0; i < requests; i++) {
            words.add(get());
        }
        return words;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private void awaitQuestions(int more) {
        int enough = questions.get() + more;
        await(() -> questions.get() >= enough);
    }

    @Test
    void allAddressesAreUsedAndLookedUpAgain() {
        assertThat(answers(40)).containsExactly("one", "two");
        addresses = List.of("127.0.0.2");
        await(() -> answers(20).equals(Set.of("two")));
        addresses = List.of("127.0.0.1");
        await(() -> answers(20).equals(Set.of("one")));
    }

    @Test
    void aNameThatFailsKeepsItsLastAddresses() {
        assertThat(answers(40)).containsExactly("one", "two");
        rcode = Rcode.SERVFAIL;
        awaitQuestions(2);
        assertThat(answers(40)).containsExactly("one", "two");
        rcode = Rcode.NXDOMAIN;
        awaitQuestions(2);
        assertThat(answers(40)).containsExactly("one", "two");
        rcode = Rcode.NOERROR;
        addresses = List.of();
        awaitQuestions(3);
        assertThat(answers(40)).containsExactly("one", "two");
        addresses = List.of("127.0.0.2");
        await(() -> answers(20).equals(Set.of("two")));
    }
}
