package pt.sunbeam.proxy.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import pt.sunbeam.codegen.Evaluator;
import pt.sunbeam.codegen.Feature;
import pt.sunbeam.codegen.Node;
import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.proxy.replay.DetectorModels.ReadModel;

/** Follows an input through a model, in the plainest computation of it. */
final class Tracer {
    private final ReadModel model;
    private final int[] raw;
    private final byte[] levels;

    private Tracer(ReadModel model, int[] raw, byte[] levels) {
        this.model = model;
        this.raw = raw;
        this.levels = levels;
    }

    /** @param threshold calibrated probability from which the model blocks */
    static Explanation.Trace trace(ReadModel model, int[] raw, double threshold) {
        var evaluator = new Evaluator(model.model());
        byte[] levels = evaluator.quantise(raw);
        var tracer = new Tracer(model, raw, levels);
        List<Explanation.Step> path = new ArrayList<>();
        Verdict leaf = tracer.walk(path);
        int logit = evaluator.logit(levels);
        double nats = ((double) logit - model.model().blockAt()) / model.model().stepsPerNat();
        return new Explanation.Trace(
                model.model().name(),
                model.classifier().sha256(),
                tracer.values(),
                path,
                leaf.name().toLowerCase(Locale.ROOT),
                new Explanation.Perceptron(
                        leaf == Verdict.DEFER,
                        logit,
                        model.classifier().logitOf(threshold),
                        1 / (1 + Math.exp(-nats)),
                        threshold));
    }

    private Feature feature(int index) {
        return model.model().features().get(index);
    }

    private List<Explanation.Value> values() {
        List<Explanation.Value> values = new ArrayList<>();
        for (int i = 0; i < levels.length; i++) {
            values.add(new Explanation.Value(
                    feature(i).name(),
                    raw[i],
                    feature(i).unit(),
                    levels[i],
                    feature(i).cuts().size()));
        }
        return values;
    }

    private Verdict walk(List<Explanation.Step> path) {
        int at = 0;
        while (true) {
            switch (model.model().tree().nodes().get(at)) {
                case Node.Leaf(Verdict verdict) -> {
                    return verdict;
                }
                case Node.Split(int index, int threshold, int left, int right) -> {
                    // A level is the number of cuts at or below the value: it exceeds the threshold from the next cut
                    // on.
                    var cuts = feature(index).cuts();
                    boolean goesLeft = levels[index] <= threshold;
                    path.add(new Explanation.Step(
                            feature(index).name(),
                            raw[index],
                            feature(index).unit(),
                            threshold < cuts.size() ? cuts.get(threshold) : null,
                            goesLeft ? "left" : "right"));
                    at = goesLeft ? left : right;
                }
            }
        }
    }
}
