// Generated from ddos-baseline.model by JavaEmitter; not to be edited.
package pt.sunbeam.detector.model.generated;

import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.model.Perceptron;
import pt.sunbeam.detector.model.Quantiser;

/** ddos-baseline as code: 14 features, 9 nodes, 2 hidden units. */
public final class DdosBaseline {
    private static final String NAME = "ddos-baseline";
    private static final String SHA256 = "9139cd9da19dd301f8dffea8ac1ebe7f4676d3d325f2eb145022d18a2f7071b9";
    private static final int SHIFT = 0;
    private static final int OUTPUT_BIAS = 0;
    private static final int BLOCK_AT = 20;
    private static final int STEPS_PER_NAT = 10;

    public static Classifier classifier() {
        var perceptron = new Perceptron(weights(), biases(), outputWeights(), SHIFT, OUTPUT_BIAS);
        return new Classifier(
                NAME, SHA256, new Quantiser(cuts()), DdosBaseline::tree, perceptron, BLOCK_AT, STEPS_PER_NAT);
    }

    private static Verdict tree(byte[] q) {
        if (q[0] <= 2) {
            return Verdict.ALLOW;
        } else {
            if (q[6] <= 1) {
                return Verdict.ALLOW;
            } else {
                if (q[0] <= 4) {
                    return Verdict.DEFER;
                } else {
                    if (q[6] <= 3) {
                        return Verdict.DEFER;
                    } else {
                        return Verdict.BLOCK;
                    }
                }
            }
        }
    }

    private static int[][] cuts() {
        return new int[][] {
            // request_rate, 1/1000 requests a second
            {500, 1000, 2000, 3000, 5000, 8000, 12000},
            // unique_paths, paths
            {1, 2, 3, 5, 10, 20, 50, 100, 200},
            // unique_hosts, hosts
            {1, 2, 3, 5, 10},
            // error_rate, 1/10000
            {1000, 2500, 5000, 7500, 9000, 10000},
            // avg_duration_ms, ms
            {1, 5, 20, 50, 100, 200, 500, 1000, 5000},
            // method_entropy, 1/10000 nat
            {1000, 3000, 6000, 10000},
            // burst_score, 1/1000 requests a second
            {1000, 5000, 10000, 20000, 50000, 100000},
            // path_repetition, 1/10000
            {1000, 2500, 5000, 7500, 9000, 10000},
            // avg_content_length, bytes
            {1, 100, 1000, 10000, 100000},
            // unique_user_agents, agents
            {1, 2, 3, 5, 10, 20},
            // cookie_ratio, 1/10000
            {1000, 2500, 5000, 7500, 9000, 10000},
            // referer_ratio, 1/10000
            {1000, 2500, 5000, 7500, 9000, 10000},
            // accept_language_ratio, 1/10000
            {1000, 2500, 5000, 7500, 9000, 10000},
            // suspicious_path_ratio, 1/10000
            {1000, 2500, 5000, 7500, 9000, 10000},
        };
    }

    private static int[] weights() {
        return new int[] {
            8, 0, 0, 1, 0, 0, 4, 0, 0, 0, 0, 2, 8, 0, 4, 0,
            0, 0, 0, 0, 0, 6, 0, 6, 0, 4, 6, 0
        };
    }

    private static int[] biases() {
        return new int[] {
            -20, 0
        };
    }

    private static int[] outputWeights() {
        return new int[] {
            1, -1
        };
    }

    private DdosBaseline() {}
}
