package pt.sunbeam.proxy.upstream;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Cancellable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pt.sunbeam.config.Backend;

/**
 * The addresses of a pool's backends, kept up to date: a name is looked up again when its answer is too old, and one that fails, or that stands for nothing any
 * more, keeps the addresses that it had. Thread-safe.
 */
final class Addresses {
    private static final Logger log = LoggerFactory.getLogger(Addresses.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Map<String, List<InetAddress>> known = new LinkedHashMap<>();
    private final ActorSystem system;
    private final Names names;
    private final Consumer<Map<String, List<InetAddress>>> onChange;
    private final CompletableFuture<Void> first;
    private final Map<String, Cancellable> timers = new LinkedHashMap<>();
    private boolean closed;

    /** @param onChange hears, one after the other, of each host's addresses when any has changed; at once where all hosts are addresses */
    Addresses(
            List<Backend> backends,
            ActorSystem system,
            Names names,
            Consumer<Map<String, List<InetAddress>>> onChange) {
        this.system = system;
        this.names = names;
        this.onChange = onChange;
        var lookups = new ArrayList<CompletableFuture<?>>();
        for (Backend backend : backends) {
            InetAddress literal = literal(backend.host());
            if (literal != null) {
                known.put(backend.host(), List.of(literal));
            }
        }
        onChange.accept(Map.copyOf(known));
        for (Backend backend : backends) {
            if (!known.containsKey(backend.host())) {
                known.put(backend.host(), List.of());
                lookups.add(lookUp(backend.host()).toCompletableFuture());
            }
        }
        first = CompletableFuture.anyOf(lookups.toArray(CompletableFuture[]::new))
                .thenAccept(_ -> {});
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException name) {
            return null;
        }
    }

    /** Done when the first name has been looked up, with whatever result; never where there is no name. */
    CompletionStage<Void> first() {
        return first;
    }

    /** Never fails. */
    private CompletionStage<Void> lookUp(String host) {
        return names.lookup(host).handle((answer, failure) -> {
            if (answer != null && !answer.addresses().isEmpty()) {
                found(host, answer.addresses());
                again(host, answer.ttl());
            } else {
                log.warn(
                        "{} {}; its last addresses stay",
                        host,
                        failure == null ? "stands for no address" : "cannot be looked up: " + failure);
                again(host, AGAIN);
            }
            return null;
        });
    }

    private synchronized void found(String host, List<InetAddress> addresses) {
        if (!closed && !addresses.equals(known.put(host, addresses))) {
            onChange.accept(Map.copyOf(known));
        }
    }

    private synchronized void again(String host, Duration wait) {
        if (!closed) {
            timers.put(host, system.scheduler().scheduleOnce(wait, () -> lookUp(host), system.dispatcher()));
        }
    }

    synchronized void close() {
        closed = true;
        timers.values().forEach(Cancellable::cancel);
    }
}
