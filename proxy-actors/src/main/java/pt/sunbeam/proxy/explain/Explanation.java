package pt.sunbeam.proxy.explain;

import java.util.List;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.scan.Reason;
import pt.sunbeam.proxy.replay.Report;

/**
 * What each layer decides about one request, and why. Its JSON form has these names in snake_case; {@code version} rises when one changes its meaning.
 *
 * @param request line 0 where it comes from no log
 * @param ddos null where there is no window to judge: see {@code ddosMissing}
 */
public record Explanation(
        int version,
        Report.Sample request,
        String method,
        String target,
        String host,
        Scanner scanner,
        @Nullable Ddos ddos,
        @Nullable String ddosMissing) {

    /**
     * The scanner detector.
     *
     * @param mode "lexicon" or "baseline"
     * @param decision "allow" or "block"
     * @param path what decided: {@code ensemble:...} or {@code allowlist:...}
     * @param score calibrated probability in [0, 1]
     * @param reasons for a block, at most three, strongest first
     * @param shortCircuits of the baseline
     * @param findings of the lexicon: what the values hold that attacks are made of, strongest first, whatever the decision
     * @param edit for a block by the lexicon, values without which the request would pass, as few as were found; empty where leaving out values does not help
     * @param trace what the model says, also where a short-circuit decided
     */
    public record Scanner(
            String mode,
            String decision,
            String path,
            double score,
            List<String> reasons,
            List<ShortCircuit> shortCircuits,
            List<Finding> findings,
            List<Finding> edit,
            Trace trace) {}

    /**
     * A segment of a value's canonical text.
     *
     * @param name empty where the value has none
     * @param score in lexicon steps, the bar of the place taken off
     */
    public record Finding(String channel, String place, String name, String segment, int score) {
        static Finding of(Reason reason) {
            return new Finding(
                    reason.channel().word(), reason.place().word(), reason.name(), reason.segment(), reason.score());
        }
    }

    /**
     * A rule that lets a request pass before the model is asked.
     *
     * @param enabled whether the configuration has it on
     * @param fulfilled whether the request fulfils it
     */
    public record ShortCircuit(String name, boolean enabled, boolean fulfilled) {}

    /**
     * The DDoS detector when the request had arrived.
     *
     * @param decision "block" while a ban is in force, else "allow"
     * @param ban the ban in force, or null
     * @param address as the detector counts: IPv6 by networks of 64 bits
     * @param at when the request arrived, RFC 3339
     * @param events requests of the address in its window, this one among them
     * @param judged whether there are enough of them
     * @param offence whether the window, if judged, brings a ban about
     * @param reasons for an offence, at most three, strongest first
     */
    public record Ddos(
            String decision,
            @Nullable Ban ban,
            String address,
            String at,
            int events,
            int minEvents,
            boolean judged,
            boolean offence,
            List<String> reasons,
            Trace trace) {}

    /** A ban; {@code until} as far as it went then. */
    public record Ban(String path, double score, List<String> reasons, String until) {}

    /**
     * A model on one input.
     *
     * @param features in the model's order
     * @param splits of the tree that the input passes, from the root
     * @param leaf "allow", "block" or "defer"
     */
    public record Trace(
            String model, String sha256, List<Value> features, List<Step> splits, String leaf, Perceptron perceptron) {}

    /**
     * A feature.
     *
     * @param raw a whole number in {@code unit}
     * @param level as the model sees it, in 0..{@code levels}
     */
    public record Value(String feature, int raw, String unit, int level, int levels) {}

    /**
     * A split of the tree.
     *
     * @param cut the raw value from which it goes right, or null where nothing does
     * @param branch "left" or "right"
     */
    public record Step(
            String feature, int raw, String unit, @Nullable Integer cut, String branch) {}

    /**
     * The perceptron.
     *
     * @param asked whether its word counts: the tree deferred
     * @param blockAt the logit from which it blocks, made of {@code threshold}
     * @param probability calibrated, in [0, 1]
     */
    public record Perceptron(boolean asked, int logit, int blockAt, double probability, double threshold) {}
}
