package pt.sunbeam.proxy.upstream;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.stream.javadsl.Sink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pt.sunbeam.config.Backend;
import pt.sunbeam.config.HealthCheck;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.message.Body;
import pt.sunbeam.proxy.message.Ends;
import pt.sunbeam.proxy.message.Hop;
import pt.sunbeam.proxy.message.UpstreamOutcome;
import pt.sunbeam.proxy.message.UpstreamOutcome.Answered;
import pt.sunbeam.proxy.message.UpstreamOutcome.Failed;

/** Asks each endpoint of a pool how it is, again and again, each time on a connection of its own; beside the requests. Thread-safe. */
final class Checks {
    private static final Logger log = LoggerFactory.getLogger(Checks.class);
    private static final long MOST_BYTES = 64 << 10;

    private final HealthCheck rules;
    private final Surroundings around;
    private final Supplier<Endpoint[]> endpoints;
    private final Set<Endpoint> underWay = ConcurrentHashMap.newKeySet();
    private final Cancellable timer;

    Checks(HealthCheck rules, Surroundings around, Supplier<Endpoint[]> endpoints) {
        this.rules = rules;
        this.around = around;
        this.endpoints = endpoints;
        // not all pools at once, and yet soon
        long first =
                ThreadLocalRandom.current().nextLong(Math.min(rules.interval().toMillis(), 500) + 1);
        timer = around.system()
                .scheduler()
                .scheduleWithFixedDelay(
                        Duration.ofMillis(first),
                        rules.interval(),
                        this::checkAll,
                        around.system().dispatcher());
    }

    void close() {
        timer.cancel();
    }

    private void checkAll() {
        for (Endpoint endpoint : endpoints.get()) {
            if (underWay.add(endpoint)) {
                check(endpoint);
            }
        }
    }

    private void check(Endpoint endpoint) {
        Backend backend = endpoint.backend();
        var once = new Hop(backend, endpoint.hop().address(), rules.timeout(), rules.timeout(), rules.timeout());
        var here = IpAddress.of(InetAddress.getLoopbackAddress());
        var ends = new Ends(here, 0, IpAddress.of(once.address()), backend.port());
        around.connector()
                .send(
                        once,
                        head(backend),
                        Body.Whole.EMPTY,
                        ends,
                        rules.timeout().toNanos(),
                        _ -> {})
                .whenComplete((outcome, bug) -> {
                    underWay.remove(endpoint);
                    around.connector().forget(once);
                    found(
                            endpoint,
                            outcome == null ? new Failed(UpstreamOutcome.Fault.RESET, bug.toString()) : outcome);
                });
    }

    private RequestHead head(Backend backend) {
        int usual = backend.tls() == null ? 80 : 443;
        String host = backend.host().indexOf(':') < 0 ? backend.host() : "[" + backend.host() + "]";
        return RequestHead.of(
                "GET",
                rules.path(),
                "Host",
                backend.port() == usual ? host : host + ":" + backend.port(),
                "User-Agent",
                "sunbeam-health-check");
    }

    private void found(Endpoint endpoint, UpstreamOutcome outcome) {
        boolean good;
        String words;
        switch (outcome) {
            case Answered(var response) -> {
                good = rules.isGood(response.status());
                words = "status " + response.status();
                if (response.body() instanceof Body.Streamed(var _, var bytes)) {
                    bytes.limitWeighted(MOST_BYTES, chunk -> (long) chunk.length())
                            .runWith(Sink.ignore(), around.materializer());
                }
            }
            case Failed(var fault, var _) -> {
                good = false;
                words = fault.words();
            }
        }
        var checked = new Endpoint.Checked(good, words, around.wall().millis());
        if (endpoint.checked(checked, rules, around.now())) {
            log.warn(
                    "{} ({}) is {}: {}",
                    endpoint.backend().url(),
                    endpoint.hop(),
                    good ? "healthy again" : "unhealthy",
                    words);
        }
    }
}
