package pt.sunbeam.proxy.upstream;

import java.time.InstantSource;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Materializer;
import pt.sunbeam.config.Backend;
import pt.sunbeam.proxy.message.Connector;

/**
 * What pools work with.
 *
 * @param system its scheduler keeps time
 * @param nanos a clock that only goes forward
 * @param events hears what is worth counting, and of which backend; on the way of requests
 */
public record Surroundings(
        Connector connector,
        ActorSystem system,
        Materializer materializer,
        LongSupplier nanos,
        InstantSource wall,
        BiConsumer<Event, Backend> events) {
    /** What is worth counting. */
    public enum Event {
        /** An address failed too often and is left out for a time. */
        EJECTED,
        /** A request is sent once more, after this backend failed it. */
        RETRIED,
        /** Too many requests of a pool failed; the backend is its first. */
        BREAKER_OPENED,
        /** A retry did not take place, for the budget was spent. */
        RETRY_DENIED
    }

    long now() {
        return nanos.getAsLong();
    }
}
