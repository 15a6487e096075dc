package pt.sunbeam.proxy.wire;

import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.stream.Materializer;
import pt.sunbeam.proxy.message.Ends;
import pt.sunbeam.proxy.message.Hop;

/**
 * The connections of one hop. One carries one exchange at a time; when that is over it is kept for the next, and the one that was used last is taken first.
 * There are at most as many as there are exchanges at a time. Thread-safe.
 */
final class Connections {
    /** Shorter than most servers wait for the next request. */
    private static final long KEPT_NANOS = 50_000_000_000L;

    private final Hop hop;
    private final Http http;
    private final ClientConnectionSettings settings;
    private final LoggingAdapter log;
    private final Materializer materializer;
    private final ConcurrentLinkedDeque<Connection> kept = new ConcurrentLinkedDeque<>();
    private volatile boolean closing;

    Connections(
            Hop hop,
            ActorSystem system,
            ClientConnectionSettings settings,
            LoggingAdapter log,
            Materializer materializer) {
        this.hop = hop;
        this.http = Http.get(system);
        this.settings = settings;
        this.log = log;
        this.materializer = materializer;
    }

    /** Each connection whose beginning names a client is for that client's request alone. */
    private boolean areShared() {
        return hop.backend().proxyProtocol() == null;
    }

    private static boolean isStale(Connection connection) {
        return System.nanoTime() - connection.idleSince() >= KEPT_NANOS;
    }

    /** Closes what has been kept for too long. */
    void sweep() {
        for (Connection oldest = kept.peekLast(); oldest != null && isStale(oldest); oldest = kept.peekLast()) {
            if (kept.remove(oldest)) {
                oldest.close();
            }
        }
    }

    void carry(Attempt attempt, Ends ends) {
        for (Connection connection = kept.pollFirst(); connection != null; connection = kept.pollFirst()) {
            if (!isStale(connection) && connection.carry(attempt)) {
                return;
            }
            connection.close();
        }
        new Connection(this).open(attempt, new HopTransport(hop, ends));
    }

    /** An exchange is over and has left the connection as one that can carry another. */
    void free(Connection connection) {
        if (closing || !areShared()) {
            connection.close();
            return;
        }
        kept.addFirst(connection);
        if (closing || connection.isClosed()) {
            kept.remove(connection);
            connection.close();
        }
    }

    void closed(Connection connection) {
        kept.remove(connection);
    }

    /** Closes what is kept; what is in use is closed when its exchange is over. */
    void close() {
        closing = true;
        for (Connection connection = kept.pollFirst(); connection != null; connection = kept.pollFirst()) {
            connection.close();
        }
    }

    Http http() {
        return http;
    }

    ClientConnectionSettings settings() {
        return settings;
    }

    LoggingAdapter log() {
        return log;
    }

    Materializer materializer() {
        return materializer;
    }
}
