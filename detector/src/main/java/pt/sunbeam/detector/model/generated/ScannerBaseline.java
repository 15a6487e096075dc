// Generated from scanner-baseline.model by JavaEmitter; not to be edited.
package pt.sunbeam.detector.model.generated;

import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.model.Perceptron;
import pt.sunbeam.detector.model.Quantiser;

/** scanner-baseline as code: 12 features, 11 nodes, 3 hidden units. */
public final class ScannerBaseline {
    private static final String NAME = "scanner-baseline";
    private static final String SHA256 = "b63cfa89389fb5be3caf46538d6b86203671b51d746bd70f7fe05789c9c89258";
    private static final int SHIFT = 0;
    private static final int OUTPUT_BIAS = 0;
    private static final int BLOCK_AT = 60;
    private static final int STEPS_PER_NAT = 20;

    public static Classifier classifier() {
        var perceptron = new Perceptron(weights(), biases(), outputWeights(), SHIFT, OUTPUT_BIAS);
        return new Classifier(
                NAME, SHA256, new Quantiser(cuts()), ScannerBaseline::tree, perceptron, BLOCK_AT, STEPS_PER_NAT);
    }

    private static Verdict tree(byte[] q) {
        if (q[11] <= 0) {
            if (q[2] <= 0) {
                if (q[0] <= 0) {
                    if (q[8] <= 0) {
                        return Verdict.ALLOW;
                    } else {
                        return Verdict.DEFER;
                    }
                } else {
                    if (q[0] <= 2) {
                        return Verdict.DEFER;
                    } else {
                        return Verdict.BLOCK;
                    }
                }
            } else {
                return Verdict.BLOCK;
            }
        } else {
            return Verdict.BLOCK;
        }
    }

    private static int[][] cuts() {
        return new int[][] {
            // suspicious_path_score, 1/1000
            {1, 200, 400, 700, 1000},
            // path_depth, segments
            {1, 2, 3, 4, 5, 6, 8, 10, 15, 20},
            // has_suspicious_extension, 0 or 1
            {1},
            // has_cookies, 0 or 1
            {1},
            // has_referer, 0 or 1
            {1},
            // has_accept_language, 0 or 1
            {1},
            // accept_quality, 0 or 1
            {1},
            // ua_category, 1/4
            {1, 2, 4},
            // method_is_unusual, 0 or 1
            {1},
            // host_is_configured, 0 or 1
            {1},
            // content_length_mismatch, 0 or 1
            {1},
            // path_has_traversal, 0 or 1
            {1},
        };
    }

    private static int[] weights() {
        return new int[] {
            40, 0, 0, 0, 2, 0, 60, 0, 0, 0, 0, 20, 0, 0, 10, 0,
            0, 20, 0, 0, 10, 0, -10, 10, 0, 30, 0, 0, 0, 20, 0, 30,
            0, 100, 0, 0
        };
    }

    private static int[] biases() {
        return new int[] {
            0, 0, 0
        };
    }

    private static int[] outputWeights() {
        return new int[] {
            2, 1, -1
        };
    }

    private ScannerBaseline() {}
}
