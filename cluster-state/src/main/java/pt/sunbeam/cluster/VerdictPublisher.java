package pt.sunbeam.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.verdict.DdosVerdict;

/**
 * Tells the other nodes, where there are any, of this node's verdicts, and puts theirs into its table.
 *
 * <p>They get a verdict in batches every {@link #SEND_EVERY}, and again every
 * {@link #REPEAT_EVERY} while it is in force: a node that joined since, or that lost a message, has it then.
 */
final class VerdictPublisher {
    sealed interface Command {}

    /** A verdict of this node's detectors, which stands in its own table already. */
    record Issued(IpAddress address, DdosVerdict verdict) implements Command {}

    /** Verdicts of some node, this one among them. */
    record Verdicts(List<Ban> bans) implements Command, ClusterMessage {}

    /** @param high and low make the address, see {@link IpAddress} */
    record Ban(long high, long low, DdosVerdict verdict) {}

    private record Send() implements Command {}

    private record Repeat() implements Command {}

    private record Sweep() implements Command {}

    static final Duration SEND_EVERY = Duration.ofMillis(10);
    static final Duration REPEAT_EVERY = Duration.ofSeconds(10);
    static final Duration SWEEP_EVERY = Duration.ofSeconds(1);

    /** About 200 bytes a ban: far below the largest frame. */
    static final int BANS_PER_MESSAGE = 500;

    private final Detection detection;
    private final @Nullable Consumer<Verdicts> others;
    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final List<Ban> pending = new ArrayList<>();
    private final Map<Key, DdosVerdict> issued = new LinkedHashMap<>();

    private VerdictPublisher(
            Detection detection,
            @Nullable Consumer<Verdicts> others,
            ActorContext<Command> context,
            TimerScheduler<Command> timers) {
        this.detection = detection;
        this.others = others;
        this.context = context;
        this.timers = timers;
    }

    /** @param others sends to the other nodes; null without a cluster */
    static Behavior<Command> create(Detection detection, @Nullable Consumer<Verdicts> others) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new Sweep(), SWEEP_EVERY);
            if (others != null) {
                timers.startTimerWithFixedDelay(new Repeat(), REPEAT_EVERY);
            }
            return new VerdictPublisher(detection, others, context, timers).publishing();
        }));
    }

    private Behavior<Command> publishing() {
        return Behaviors.receiveMessage(message -> {
            switch (message) {
                case Issued(var address, var verdict) -> issued(address, verdict);
                case Verdicts(var bans) -> bans.forEach(this::enter);
                case Send _ -> send();
                case Repeat _ -> repeat();
                case Sweep _ -> sweep();
            }
            return Behaviors.same();
        });
    }

    private void issued(IpAddress address, DdosVerdict verdict) {
        context.getLog()
                .debug(
                        "{} until {}: score {}, {}",
                        verdict.measure().word(),
                        verdict.expiresAtMillis(),
                        verdict.score(),
                        verdict.reasons());
        if (others != null) {
            issued.put(Key.of(address), verdict);
            pending.add(new Ban(address.high(), address.low(), verdict));
            if (pending.size() >= BANS_PER_MESSAGE) {
                send();
            } else if (pending.size() == 1) {
                timers.startSingleTimer(new Send(), SEND_EVERY);
            }
        }
    }

    private void enter(Ban ban) {
        long now = detection.clock().getAsLong();
        if (!detection.verdicts().put(new IpAddress(ban.high(), ban.low()), ban.verdict(), now)) {
            detection.counters().dropped.increment();
        }
    }

    private void send() {
        if (others != null && !pending.isEmpty()) {
            others.accept(new Verdicts(List.copyOf(pending)));
            pending.clear();
        }
    }

    private void repeat() {
        issued.forEach((key, verdict) -> {
            pending.add(new Ban(key.high(), key.low(), verdict));
            if (pending.size() >= BANS_PER_MESSAGE) {
                send();
            }
        });
        send();
    }

    private void sweep() {
        long now = detection.clock().getAsLong();
        detection.verdicts().sweep(now);
        issued.values().removeIf(verdict -> !verdict.inForceAt(now));
    }
}
