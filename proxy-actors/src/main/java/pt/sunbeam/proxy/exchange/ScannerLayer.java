package pt.sunbeam.proxy.exchange;

import java.util.List;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.Route;
import pt.sunbeam.config.ScannerMode;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.canon.ValueVisitor;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.model.Judgement;
import pt.sunbeam.detector.model.ScannerModel;

/** The scanner detector as the life of a request and its replay see it. Thread-safe; holds no lock. */
public sealed interface ScannerLayer permits BaselineScanner, LexiconScanner {
    /**
     * What the layer decided, and on what.
     *
     * @param judgement null where the model was not asked
     * @param reason closed label set: {@code ensemble:tree_allow}, {@code ensemble:tree_block}, {@code ensemble:mlp}, {@code allowlist:...},
     *     and the reasons of {@code scanner.allowlist}
     * @param features the feature vector in the model's order and units; empty where nothing was looked at; shared, not to be written
     * @param reasons for a block, at most three, strongest first
     */
    @SuppressWarnings("ArrayRecordComponent") // read by position, never compared
    record Decision(
            boolean block,
            double score,
            String reason,
            @Nullable Judgement judgement,
            int[] features,
            List<String> reasons) {
        /** What passes without being looked at. */
        public static Decision passed(String reason) {
            return new Decision(false, 0, reason, null, new int[0], List.of());
        }
    }

    /** The detector that the configuration asks for. */
    static ScannerLayer of(
            SunbeamConfig.Scanner config, List<Route> routes, Classifier baseline, ScannerModel lexicon) {
        return config.mode() == ScannerMode.BASELINE
                ? new BaselineScanner(config, routes, baseline)
                : new LexiconScanner(config, lexicon);
    }

    /** The decision on a request without its body; {@code route} as audit lines name it, empty where there is none. */
    Decision decide(RequestHead head, String route);

    /** The judging of the body of a request that the layer let pass, or null where it looks at no bodies; {@code also} visits the body's values. */
    @Nullable
    BodyInspection body(RequestHead head, String route, ValueVisitor also);

    /** The part of the model that judges the features. */
    Classifier model();

    /** The word of audit lines and metrics for what decided. */
    static String reason(Judgement judgement) {
        return switch (judgement) {
            case TREE_ALLOW -> "ensemble:tree_allow";
            case TREE_BLOCK -> "ensemble:tree_block";
            case MLP_ALLOW, MLP_BLOCK -> "ensemble:mlp";
        };
    }
}
