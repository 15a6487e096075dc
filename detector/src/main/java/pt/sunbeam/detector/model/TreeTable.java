package pt.sunbeam.detector.model;

import java.util.List;
import pt.sunbeam.codegen.Node;
import pt.sunbeam.codegen.Verdict;

/** A decision tree walked as a table, for models that come at run time; slower than the compiled tree. */
final class TreeTable {
    private final int[] features;
    private final int[] thresholds;
    private final int[] lefts;

    /** Of a leaf: {@code -1}. */
    private final int[] rights;

    private final Verdict[] verdicts;

    TreeTable(List<Node> nodes) {
        int size = nodes.size();
        features = new int[size];
        thresholds = new int[size];
        lefts = new int[size];
        rights = new int[size];
        verdicts = new Verdict[size];
        for (int i = 0; i < size; i++) {
            switch (nodes.get(i)) {
                case Node.Split(int feature, int threshold, int left, int right) -> {
                    features[i] = feature;
                    thresholds[i] = threshold;
                    lefts[i] = left;
                    rights[i] = right;
                    verdicts[i] = Verdict.DEFER;
                }
                case Node.Leaf(Verdict verdict) -> {
                    rights[i] = -1;
                    verdicts[i] = verdict;
                }
            }
        }
    }

    Verdict walk(byte[] quantised) {
        int at = 0;
        while (rights[at] >= 0) {
            at = quantised[features[at]] <= thresholds[at] ? lefts[at] : rights[at];
        }
        return verdicts[at];
    }
}
