package pt.sunbeam.cluster;

import static pt.sunbeam.detector.feature.DdosFeatures.ERROR_RATE;
import static pt.sunbeam.detector.feature.DdosFeatures.PATH_REPETITION;
import static pt.sunbeam.detector.feature.DdosFeatures.REQUEST_RATE;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import pt.sunbeam.codegen.Feature;
import pt.sunbeam.codegen.Model;
import pt.sunbeam.codegen.Node;
import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.detector.feature.DdosFeatures;
import pt.sunbeam.detector.model.Classifier;

/** A model whose every verdict can be told in advance. */
final class TestModels {
    /**
     * Below one request a second in the window: allowed. Else blocked by the tree where half of the responses were errors, and by the perceptron
     * where half of the requests went to one path.
     */
    static Classifier floods() {
        List<Feature> features = new ArrayList<>();
        for (int f = 0; f < DdosFeatures.COUNT; f++) {
            List<Integer> cuts = switch (f) {
                case REQUEST_RATE -> List.of(1_000);
                case ERROR_RATE -> List.of(5_000);
                case PATH_REPETITION -> List.of(2_500, 5_000, 7_500);
                default -> List.of();
            };
            features.add(new Feature(DdosFeatures.NAMES.get(f), DdosFeatures.UNITS.get(f), cuts));
        }
        var tree = new Model.Tree(List.of(
                new Node.Split(REQUEST_RATE, 0, 1, 2),
                new Node.Leaf(Verdict.ALLOW),
                new Node.Split(ERROR_RATE, 0, 3, 4),
                new Node.Leaf(Verdict.DEFER),
                new Node.Leaf(Verdict.BLOCK)));
        List<Integer> weights = new ArrayList<>(Collections.nCopies(DdosFeatures.COUNT, 0));
        weights.set(PATH_REPETITION, 10);
        var mlp = new Model.Mlp(List.of(new Model.HiddenUnit(0, weights, 1)), 0, -15);
        return Classifier.of(new Model.Ensemble("ddos-test", features, tree, mlp, 0, 10), "0".repeat(64));
    }

    private TestModels() {}
}
