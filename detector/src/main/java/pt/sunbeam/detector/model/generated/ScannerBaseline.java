// Generated from scanner-baseline.model by JavaEmitter; not to be edited.
package pt.sunbeam.detector.model.generated;

import pt.sunbeam.codegen.Verdict;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.model.Perceptron;
import pt.sunbeam.detector.model.Quantiser;

/** scanner-baseline as code: 12 features, 5 nodes, 32 hidden units. */
public final class ScannerBaseline {
    private static final String NAME = "scanner-baseline";
    private static final String SHA256 = "43284ad04ca5e8cd13530e9c62a0b7d8949add1f95e76cb6801442f72f50095d";
    private static final int SHIFT = 3;
    private static final int OUTPUT_BIAS = -57;
    private static final int BLOCK_AT = 1258;
    private static final int STEPS_PER_NAT = 305;

    public static Classifier classifier() {
        var perceptron = new Perceptron(weights(), biases(), outputWeights(), SHIFT, OUTPUT_BIAS);
        return new Classifier(
                NAME, SHA256, new Quantiser(cuts()), ScannerBaseline::tree, perceptron, BLOCK_AT, STEPS_PER_NAT);
    }

    private static Verdict tree(byte[] q) {
        if (q[11] <= 0) {
            if (q[2] <= 0) {
                return Verdict.ALLOW;
            } else {
                return Verdict.DEFER;
            }
        } else {
            return Verdict.BLOCK;
        }
    }

    private static int[][] cuts() {
        return new int[][] {
            // suspicious_path_score, 1/1000
            {250},
            // path_depth, slashes
            {2, 3, 4, 5, 7, 10},
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
            70, -62, 46, -73, 127, -123, 32, -45, 44, -38, 121, -25, 127, -84, 127, -76,
            127, -52, 56, -79, 127, -41, 36, -79, 2, -94, 85, -91, 45, -90, 27, -112,
            18, -12, 25, 15, 10, 1, -2, -3, 14, -7, 13, -9, 5, -1, 10, 3,
            12, -12, 5, -1, -1, 7, 7, -16, 7, -16, 8, 4, -5, -7, 1, 16,
            88, -54, 88, -99, 110, -127, 104, -63, 63, -69, 90, -25, 118, -24, 127, -58,
            87, -81, 26, -127, 127, -53, 127, -53, 59, -85, 127, -68, 98, -39, 41, -127,
            74, 21, -14, 44, 68, 13, -37, -65, 70, -14, 25, -24, 22, 64, 65, 8,
            -10, -78, 127, -2, 8, 63, 18, 9, -2, -35, -25, 71, -20, 127, -22, 22,
            35, 31, 31, -108, 52, 48, 22, -78, -47, 23, 22, 47, -2, 25, 127, 58,
            -20, -41, 39, 47, 29, 24, 20, 118, 64, -75, 87, 26, -95, 13, 108, -37,
            -7, 127, -15, 69, 93, -55, -48, 60, 23, 84, 127, 23, -9, -11, 21, -65,
            16, -90, -1, 41, 29, 19, 39, -97, 74, 46, -59, 82, -34, -38, 76, 37,
            20, 79, -3, 90, 29, 35, 61, 35, -10, 88, 25, -16, 68, -53, 2, -4,
            -68, 18, -26, 10, 19, 87, -9, -22, 110, 20, 37, -52, -12, -13, -114, 2,
            0, -14, 6, -6, -6, 41, 48, -20, 14, -7, -25, 3, 8, -3, 14, 24,
            -1, 0, -20, 25, 11, 21, -3, 10, 13, 30, 21, 15, 19, 57, -17, -7,
            2, -3, 3, -15, 63, -3, 10, -93, 3, -12, 3, -3, 3, -2, 3, -3,
            3, -71, 3, -33, 3, -3, 3, -10, 7, -3, 21, -5, 0, -1, 1, -3,
            -31, 56, 22, 96, -27, 16, 32, 11, 62, 25, 47, 10, -14, 127, 51, -23,
            -27, 2, 2, -35, 7, -51, 72, 93, -29, -34, -31, 18, 4, -94, -68, -62,
            0, 0, 0, 0, 0, 0, 1, -66, 0, 0, 0, 0, 0, 0, 0, 0,
            0, -54, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 56, 0, 0, 0,
            127, -127, 127, -127, 117, -127, 59, -75, 127, -81, 111, -93, 127, -127, 111, -127,
            117, -15, 127, -106, 116, -127, 94, -127, 66, -117, 127, -87, 49, -127, 107, -127
        };
    }

    private static int[] biases() {
        return new int[] {
            16, 57, -30, 21, -14, 27, -58, -70, -54, 110, -19, 88, 6, 35, -63, 105,
            35, -41, 47, -41, -5, 75, -41, 116, -26, 139, -7, 103, 49, -24, -36, 144
        };
    }

    private static int[] outputWeights() {
        return new int[] {
            8, -5, 13, -7, 5, -6, 5, 0, 13, -4, 8, -10, 11, -14, 5, -14,
            6, -4, 7, -10, 9, -11, 11, -7, 1, -14, 6, -5, 0, -11, 9, -10
        };
    }

    private ScannerBaseline() {}
}
