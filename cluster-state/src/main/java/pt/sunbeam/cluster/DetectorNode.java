package pt.sunbeam.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.StreamSupport;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.remote.RemoteTransportException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.verdict.DdosVerdict;
import pt.sunbeam.detector.verdict.Judge;
import pt.sunbeam.detector.window.Crowds;
import pt.sunbeam.detector.window.Event;

/**
 * This node's door to the DDoS detectors: one read of a local table per request, events told in batches, nothing asked.
 *
 * <p>Thread-safe; no method blocks but {@link #start}. Owns the {@code cluster} ActorSystem: where that ends on its own (the cluster removed
 * this node), it is started again after a pause of 1 s, doubled up to 30 s for each start that did not get ready. Meanwhile the verdicts known go on
 * being answered, and events are dropped and counted.
 */
public final class DetectorNode {
    /** Verdicts kept; about 250 bytes each. */
    static final int VERDICT_CAPACITY = 100_000;

    /** Addresses with a detector actor of their own; about 1 kB each plus their window. */
    static final int DETECTOR_ACTORS = 50_000;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(DetectorNode.class);

    private final SunbeamConfig.Cluster config;
    private final Config settings;
    private final @Nullable String peer;
    private final DetectorCounters counters = new DetectorCounters();
    private final Detection detection;
    private final ClusterGuardian.Bounds bounds;
    private final EventOutlet outlet;
    private final EventAccumulator accumulator;
    private final Crowds crowds = new Crowds(new SecureRandom().nextLong());

    // The rest is guarded by this object's monitor; no request comes near it.
    private @Nullable ActorSystem<ClusterGuardian.Command> system;
    private CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();
    private Duration pause = FIRST_PAUSE;
    private boolean wasReady;
    private boolean stopping;

    /**
     * Starts the ActorSystem named "cluster": a cluster member with Artery and Management where enabled, else local with no port.
     *
     * <p>Throws {@link BindFailure} where the cluster port cannot be bound. A member joins itself: peers come with discovery.
     *
     * @param clock milliseconds since the epoch, never going back: the clock of the events that the node is told
     */
    public static DetectorNode start(SunbeamConfig config, Classifier model, LongSupplier clock) {
        return start(config, model, clock, null);
    }

    /**
     * As above.
     *
     * @param peer "pekko://cluster@host:port" of a member to join, or null to be the first
     */
    static DetectorNode start(SunbeamConfig config, Classifier model, LongSupplier clock, @Nullable String peer) {
        var node = new DetectorNode(config, model, clock, peer);
        node.firstLaunch();
        return node;
    }

    private DetectorNode(SunbeamConfig config, Classifier model, LongSupplier clock, @Nullable String peer) {
        this.peer = peer;
        var ddos = config.ddos();
        this.config = config.cluster();
        settings = settings(config.cluster());
        detection = new Detection(
                new Judge(
                        model,
                        ddos.threshold(),
                        ddos.minEvents(),
                        ddos.escalation().steps(),
                        counters::judged),
                new VerdictTable(VERDICT_CAPACITY, ddos.escalation().steps()),
                counters,
                clock,
                Math.toIntExact(ddos.window().toMillis()),
                ddos.windowCapacity());
        bounds = new ClusterGuardian.Bounds(ddos.maxTracked(), DETECTOR_ACTORS);
        outlet = new EventOutlet(counters);
        accumulator = new EventAccumulator(outlet);
    }

    /**
     * Done once every detector shard answered (and, with a cluster, this member is up); anew after a restart. Fails with a {@link BindFailure}
     * where Management cannot listen at the first start; after it, the cluster system is started again until it can.
     */
    public synchronized CompletionStage<@Nullable Void> ready() {
        return ready.copy();
    }

    /** The verdict in force, or null. One look-up in a local table. */
    public @Nullable DdosVerdict verdict(IpAddress client, long nowMillis) {
        return detection.verdicts().get(client.detectorKey(), nowMillis);
    }

    /** Some of the verdicts in force, at most {@code most}, by address, or for IPv6 by the network of its /64. Takes a walk through the table. */
    public Map<IpAddress, DdosVerdict> verdicts(long nowMillis, int most) {
        return detection.verdicts().inForce(nowMillis, most);
    }

    /**
     * Tells the detectors of a request, refused ones included: an address that goes on while banned stays banned. To be called when the head
     * has been read: {@code timeMillis} is the wall's, by which the crowd is counted in slices; what the crowd does, the event learns here.
     */
    public void arrived(IpAddress client, Event event) {
        int crowd = crowds.read(event.timeMillis(), event.pathHash(), event.hostHash(), client);
        accumulator.arrived(client.detectorKey(), event.among(crowd));
    }

    /**
     * Tells the detectors of a response. Leave out those with which this layer itself refused a request: the error rate is about the site's answers.
     *
     * @param timeMillis when the exchange ended, by the clock of the events
     * @param eventId as in the event that {@link #arrived} was told
     * @param suspicious whether the scanner detector refused the request, or would have
     */
    public void responded(
            IpAddress client, long timeMillis, long eventId, int status, int durationMillis, boolean suspicious) {
        accumulator.responded(client.detectorKey(), timeMillis, eventId, status, durationMillis, suspicious);
    }

    /** Verdicts in force that are known here. Takes a walk through the table. */
    public int bannedAddresses() {
        return detection.verdicts().inForce(detection.clock().getAsLong());
    }

    /** Other members of the cluster that are up; 0 without one. */
    public int peers() {
        ActorSystem<?> running = config.enabled() ? system() : null;
        if (running == null) {
            return 0;
        }
        long up = StreamSupport.stream(Cluster.get(running).state().getMembers().spliterator(), false)
                .filter(member -> member.status().equals(MemberStatus.up()))
                .count();
        return Math.toIntExact(Math.max(0, up - 1));
    }

    public DetectorCounters counters() {
        return counters;
    }

    /** Leaves the cluster where there is one and stops the ActorSystem. */
    public synchronized CompletionStage<@Nullable Void> stop() {
        stopping = true;
        outlet.disconnect();
        ActorSystem<?> running = system;
        if (running == null) {
            return CompletableFuture.completedFuture(null);
        }
        running.terminate();
        return running.getWhenTerminated().thenApply(_ -> {
            ended();
            return null;
        });
    }

    /** The running ActorSystem, null between an end and a restart. */
    synchronized @Nullable ActorSystem<?> system() {
        return system;
    }

    private void firstLaunch() {
        try {
            launch();
        } catch (RemoteTransportException e) {
            throw new BindFailure("cluster.port", config.host(), config.port(), e);
        }
    }

    private synchronized void launch() {
        if (stopping) {
            return;
        }
        Runnable onReady = this::becameReady;
        var guardian = config.enabled()
                ? ClusterGuardian.member(detection, accumulator, outlet, bounds, peer, onReady, this::managementFailed)
                : ClusterGuardian.alone(detection, accumulator, outlet, bounds, onReady);
        ActorSystem<ClusterGuardian.Command> started = ActorSystem.create(guardian, "cluster", settings);
        system = started;
        started.getWhenTerminated().whenComplete((Done _, Throwable _) -> ended());
    }

    private synchronized void becameReady() {
        pause = FIRST_PAUSE;
        wasReady = true;
        ready.complete(null);
    }

    private synchronized void managementFailed(Throwable cause) {
        if (!wasReady) {
            stopping = true;
            ready.completeExceptionally(
                    new BindFailure("cluster.management_port", config.host(), config.managementPort(), cause));
        }
    }

    private synchronized void ended() {
        system = null;
        if (!stopping) {
            LOG.warn("the cluster system ended on its own; it starts again in {} s", pause.toSeconds());
            if (ready.isDone()) {
                ready = new CompletableFuture<>();
            }
            launchLater();
        }
    }

    private void launchLater() {
        var later = CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS);
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        later.execute(this::relaunch);
    }

    private synchronized void relaunch() {
        try {
            launch();
        } catch (RuntimeException e) {
            LOG.error("the cluster system does not start; next try in {} s", pause.toSeconds(), e);
            launchLater();
        }
    }

    private static Config settings(SunbeamConfig.Cluster cluster) {
        Config own = ConfigFactory.parseResources(DetectorNode.class.getClassLoader(), "cluster.conf");
        Config mode = cluster.enabled()
                ? ConfigFactory.parseMap(Map.of(
                                "pekko.remote.artery.canonical.hostname",
                                cluster.host(),
                                "pekko.remote.artery.canonical.port",
                                cluster.port(),
                                "pekko.management.http.hostname",
                                cluster.host(),
                                "pekko.management.http.port",
                                cluster.managementPort(),
                                TenantCheck.TENANT,
                                String.valueOf(cluster.tenant())))
                        .withFallback(own.getConfig("sunbeam.member"))
                : ConfigFactory.empty();
        return mode.withFallback(own.withoutPath("sunbeam.member"))
                .withFallback(ConfigFactory.defaultReference(DetectorNode.class.getClassLoader()))
                .resolve();
    }
}
