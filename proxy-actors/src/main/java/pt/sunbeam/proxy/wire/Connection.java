package pt.sunbeam.proxy.wire;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** A connection to an upstream, through pekko-http's connection-level client; it carries one attempt at a time. */
final class Connection {
    private final Connections home;
    private final AtomicReference<@Nullable Attempt> carried = new AtomicReference<>();
    private @Nullable HopTransport transport;
    private @Nullable BoundedSourceQueue<HttpRequest> requests;
    private volatile long idleSince;
    private volatile boolean closed;

    Connection(Connections home) {
        this.home = home;
    }

    /** Connects, and then sends. */
    void open(Attempt attempt, HopTransport over) {
        transport = over;
        carried.set(attempt);
        attempt.on(this);
        var flow = home.http()
                .connectionTo("upstream") // the transport knows better, and each request says its Host
                .withClientConnectionSettings(home.settings().withTransport(over))
                .logTo(home.log())
                .http();
        var running = Source.<HttpRequest>queue(1)
                .viaMat(flow, Keep.both())
                .toMat(Sink.foreach(this::answered), Pair::create)
                .run(home.materializer());
        requests = running.first().first();
        var connected = running.first().second();
        running.second().whenComplete((_, failure) -> closed(failure));
        connected.whenComplete((_, failure) -> {
            if (failure != null) {
                attempt.unconnected(failure);
                closed(failure);
            } else if (!send(attempt)) {
                attempt.broken(new IllegalStateException("closed at once"));
            }
        });
    }

    /** Sends where it is still open; false where it is not, and then nothing of the request was touched. */
    boolean carry(Attempt attempt) {
        carried.set(attempt);
        attempt.on(this);
        if (!closed && send(attempt)) {
            return true;
        }
        carried.set(null);
        return false;
    }

    private boolean send(Attempt attempt) {
        attempt.sending();
        return requireNonNull(requests).offer(attempt.request()).isEnqueued();
    }

    private void answered(HttpResponse response) {
        Attempt attempt = carried.get();
        if (attempt == null) {
            abort(new IllegalStateException("a response that nobody asked for"));
        } else {
            attempt.answered(response);
        }
    }

    private void closed(@Nullable Throwable failure) {
        if (!closed) {
            closed = true;
            home.closed(this);
        }
        Attempt attempt = carried.get();
        if (attempt != null) {
            attempt.broken(failure);
        }
    }

    /** The attempt is over, and what comes next on the connection belongs to the next one. */
    void free() {
        carried.set(null);
        idleSince = System.nanoTime();
        home.free(this);
    }

    long idleSince() {
        return idleSince;
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        if (requests != null && !requests.isCompleted()) {
            requests.complete();
        }
    }

    void abort(Throwable failure) {
        requireNonNull(transport).abort(failure);
    }
}
