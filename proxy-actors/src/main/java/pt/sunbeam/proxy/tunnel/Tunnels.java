package pt.sunbeam.proxy.tunnel;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;
import pt.sunbeam.proxy.tunnel.TunnelEnd.Cause;

/**
 * The tunnels of this proxy, and the places for them. They do not belong to a configuration: whoever is in one stays there when another configuration comes.
 * Thread-safe.
 */
public final class Tunnels {
    /** Longer than the wire keeps the upstream's side of a tunnel that no client takes. */
    private static final Duration TAKEN_WITHIN = Duration.ofSeconds(10);

    private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(5);

    private final ActorSystem system;
    private final AtomicInteger taken = new AtomicInteger();
    private final Set<TunnelStage> open = ConcurrentHashMap.newKeySet();
    private volatile long drainedAtNanos;
    private volatile boolean draining;

    /** @param system runs the tunnels */
    public Tunnels(ActorSystem system) {
        this.system = system;
    }

    /** Takes a place for a request that asks for a tunnel, unless {@code most} are taken or the proxy stops. */
    public boolean take(int most) {
        if (draining) {
            return false;
        }
        int now = taken.get();
        while (now < most && !taken.compareAndSet(now, now + 1)) {
            now = taken.get();
        }
        return now < most;
    }

    /** Gives back the place of a request that came to no tunnel. */
    public void giveBack() {
        taken.decrementAndGet();
    }

    /**
     * A tunnel on a place that was taken, which it gives back at its end.
     *
     * @param upstream from what the client sends to what the upstream sends
     * @param webSocket whether what flows are the frames of RFC 6455
     * @param ended hears how it ended, once; also where nobody runs it
     */
    public Flow<ByteString, ByteString, NotUsed> through(
            Flow<ByteString, ByteString, NotUsed> upstream,
            boolean webSocket,
            Duration idleTimeout,
            Consumer<TunnelEnd> ended) {
        var hasEnded = new AtomicBoolean();
        var hasStarted = new AtomicBoolean();
        Consumer<TunnelEnd> once = end -> {
            if (hasEnded.compareAndSet(false, true)) {
                giveBack();
                ended.accept(end);
            }
        };
        var stage = new TunnelStage(
                webSocket,
                idleTimeout,
                running -> {
                    hasStarted.set(true);
                    open.add(running);
                    if (draining) {
                        sendAway(running);
                    }
                },
                once);
        system.scheduler()
                .scheduleOnce(
                        TAKEN_WITHIN,
                        () -> {
                            if (!hasStarted.get()) {
                                once.accept(new TunnelEnd(Cause.NOT_TAKEN, 0, 0));
                            }
                        },
                        system.dispatcher());
        return BidiFlow.fromGraph(stage).join(upstream).watchTermination((notUsed, over) -> {
            over.whenComplete((_, _) -> open.remove(stage));
            return notUsed;
        });
    }

    /**
     * Ends all tunnels, those to come included, each at a moment of its own, so that their clients do not come back all at once.
     *
     * @param within until when the last one is over
     */
    public void drain(Duration within) {
        drainedAtNanos = System.nanoTime() + within.toNanos();
        draining = true;
        open.forEach(this::sendAway);
    }

    private void sendAway(TunnelStage tunnel) {
        Duration left = Duration.ofNanos(Math.max(0, drainedAtNanos - System.nanoTime()));
        Duration quarter = left.dividedBy(4);
        Duration grace = quarter.compareTo(LONGEST_GOODBYE) < 0 ? quarter : LONGEST_GOODBYE;
        long latest = left.minus(grace).multipliedBy(9).dividedBy(10).toNanos();
        tunnel.goAway(Duration.ofNanos(ThreadLocalRandom.current().nextLong(latest + 1)), grace);
    }
}
