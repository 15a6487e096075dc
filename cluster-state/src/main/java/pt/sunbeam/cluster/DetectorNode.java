package pt.sunbeam.cluster;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.window.Event;

/**
 * This node's door to the DDoS detectors: one read of a local table per request, events told in batches, nothing asked.
 *
 * <p>Thread-safe; no method blocks. Owns the {@code cluster} ActorSystem.
 */
public final class DetectorNode {
    /** Starts the ActorSystem named "cluster": a cluster member with Artery and Management where enabled, else local with no port. */
    public static DetectorNode start(SunbeamConfig config, Classifier model) {
        throw new UnsupportedOperationException("stub");
    }

    /** Done once every detector shard answered (and, with a cluster, this member is up). */
    public CompletionStage<Void> ready() {
        throw new UnsupportedOperationException("stub");
    }

    /** The verdict in force, or null. One look-up in a local table. */
    public @Nullable DdosVerdict verdict(IpAddress client, long nowMillis) {
        throw new UnsupportedOperationException("stub");
    }

    public void arrived(IpAddress client, Event event) {
        throw new UnsupportedOperationException("stub");
    }

    public void responded(IpAddress client, long eventId, int status, int durationMillis) {
        throw new UnsupportedOperationException("stub");
    }

    public DetectorCounters counters() {
        throw new UnsupportedOperationException("stub");
    }

    /** Leaves the cluster where there is one and stops the ActorSystem. */
    public CompletionStage<Void> stop() {
        throw new UnsupportedOperationException("stub");
    }
}
