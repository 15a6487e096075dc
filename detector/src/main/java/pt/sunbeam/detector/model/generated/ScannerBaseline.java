// Generated from scanner-baseline.model by JavaEmitter; not to be edited.
package pt.sunbeam.detector.model.generated;

import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.model.Perceptron;
import pt.sunbeam.detector.model.Quantiser;

/** scanner-baseline as code: 12 features, 7 nodes, 32 hidden units. */
public final class ScannerBaseline {
    private static final String NAME = "scanner-baseline";
    private static final String SHA256 = "904b50b0cef4b7e3db3ca42264ff65c41cd852301583ad3087ab27495595f17b";
    private static final int SHIFT = 3;
    private static final int OUTPUT_BIAS = -64;
    private static final int BLOCK_AT = 913;
    private static final int STEPS_PER_NAT = 178;

    public static Classifier classifier() {
        var perceptron = new Perceptron(weights(), biases(), outputWeights(), SHIFT, OUTPUT_BIAS);
        return new Classifier(
                NAME, SHA256, new Quantiser(cuts()), ScannerBaseline::tree, perceptron, BLOCK_AT, STEPS_PER_NAT);
    }

    private static Verdict tree(byte[] q) {
        if (q[11] <= 0) {
            if (q[2] <= 0) {
                if (q[0] <= 0) {
                    return Verdict.ALLOW;
                } else {
                    return Verdict.DEFER;
                }
            } else {
                return Verdict.DEFER;
            }
        } else {
            return Verdict.DEFER;
        }
    }

    private static int[][] cuts() {
        return new int[][] {
            // suspicious_path_score, 1/1000
            {143, 250},
            // path_depth, slashes
            {2, 3, 4, 5, 6, 9},
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
            {1, 2, 3},
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
            23, -36, 1, -12, 52, -69, 63, -22, 1, -10, 50, -55, 49, -31, 54, -61,
            54, -26, 1, -61, 91, -21, 3, -29, 1, -61, 32, -37, 24, -35, 50, -40,
            17, -16, 23, 9, 2, -5, -42, -3, 14, -7, 12, -16, 2, -4, 8, 0,
            4, -12, 6, -18, -12, 1, 3, -15, 7, -21, 8, 3, -38, -5, -6, 1,
            67, -81, 62, -49, 89, -120, 67, -63, 1, -50, 71, -127, 91, -26, 123, -76,
            79, -81, 3, -120, 127, -42, 127, -32, 26, -127, 127, -52, 89, -50, 7, -112,
            77, 8, -12, 13, 65, -2, -53, -65, 14, -21, 33, -22, 24, 42, 71, -6,
            -5, -78, 127, -4, -1, 45, 12, -3, -12, 0, -16, 60, -66, 127, 30, -9,
            26, 28, 25, -115, 36, 33, -1, -78, -111, 29, 13, 31, -1, 14, 126, 53,
            -30, -41, 30, 54, 12, 17, 5, 120, 45, -41, 77, 25, -107, 23, 91, -49,
            1, 127, -3, 37, 92, -81, -60, 60, 32, 72, 127, -8, 3, -34, 31, -92,
            15, -90, -14, 47, 26, -6, 41, -110, 73, 21, -46, 65, -36, -39, 59, -2,
            24, 94, -8, 65, 37, 26, 29, 35, 17, 83, 33, -3, 72, -67, 6, -3,
            -96, 18, -62, -4, 26, 81, -32, -21, 105, -4, 38, -50, -12, 7, -127, -10,
            0, -19, 8, -8, -7, 38, 46, -20, 13, -8, -23, 1, 8, -6, 17, 20,
            0, 0, -26, 28, 8, 17, -2, 10, 12, 12, 23, 12, 20, 58, -24, -15,
            1, -27, 1, 0, 2, -1, 18, -93, 1, -1, 1, -1, 1, -1, 1, -1,
            0, -71, 0, -7, 2, 0, 3, -1, 0, 0, 1, -1, 11, -1, 5, -2,
            -31, 50, 22, 121, -40, 24, 37, 11, 45, 29, 47, 3, -17, 127, 51, -21,
            -29, 2, 7, -49, -8, -52, 70, 92, -46, -3, -27, 14, -1, -84, -89, -127,
            1, 0, 0, 0, 0, 0, 1, -66, 7, 0, 0, -5, 1, 0, 0, 0,
            1, -54, 0, -18, 1, -1, 0, 0, 0, -4, 0, -1, 55, 0, 0, -23,
            127, -127, 127, -127, 127, -127, 127, -75, 127, -127, 127, -127, 127, -127, 127, -127,
            127, -15, 127, -127, 127, -127, 127, -127, 127, -127, 127, -127, 127, -127, 127, -127
        };
    }

    private static int[] biases() {
        return new int[] {
            20, 43, -28, 28, -15, 43, -49, -70, -53, 113, -14, 94, 11, 35, -54, 107,
            46, -41, 38, -32, -14, 78, -33, 123, -37, 106, -2, 104, 53, -15, -60, 116
        };
    }

    private static int[] outputWeights() {
        return new int[] {
            8, -5, 12, -6, 3, -8, 14, 0, 16, -4, 7, -29, 6, -15, 4, -17,
            3, -4, 9, -21, 8, -9, 8, -8, 2, -42, 4, -5, 7, -9, 11, -13
        };
    }

    private ScannerBaseline() {}
}
