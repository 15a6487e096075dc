package pt.sunbeam.detector.feature;

import java.util.List;

/**
 * The features of one request that the scanner detector sees: what its values hold, and nothing of its envelope. Whole numbers, units below.
 *
 * <p>All are evidence: a value more, whatever it holds, raises them or leaves them as they are. A lexicon step is a unit of the lexicon's
 * weights; scores are those of the value that has the highest, the bar of its place taken off.
 */
public final class ScanFeatures {
    /** The score in the table of attacks of any kind. */
    public static final int ANY = 0;
    /** The first of the scores by channel, in the order of {@code Channel}. */
    public static final int CHANNELS = 1;
    /** As {@link #ANY}, of the value that comes second. */
    public static final int ANY_SECOND = 7;
    /** Values whose score reaches the lexicon's gate, at most {@value #MOST}. */
    public static final int SUSPICIOUS_VALUES = 8;
    /** Rounds of decoding beyond the first, of the value that took most. */
    public static final int DECODING_ROUNDS = 9;
    /** Kinds of broken or odd encoding met in the request. */
    public static final int ENCODING_ANOMALIES = 10;
    /** Faults of the body and limits that the request exceeds, at most {@value #MOST}. */
    public static final int STRUCTURE_ANOMALIES = 11;
    /** Whether the path climbs above the root. */
    public static final int PATH_ESCAPES = 12;
    /** Whether a value holds a control byte other than white space. */
    public static final int CONTROL_BYTES = 13;

    public static final int COUNT = 14;

    public static final int MOST = 127;

    /** By position. */
    public static final List<String> NAMES = List.of(
            "any",
            "sqli",
            "xss",
            "traversal",
            "command",
            "code",
            "other",
            "any_second",
            "suspicious_values",
            "decoding_rounds",
            "encoding_anomalies",
            "structure_anomalies",
            "path_escapes",
            "control_bytes");

    public static final List<String> UNITS = List.of(
            "lexicon steps",
            "lexicon steps",
            "lexicon steps",
            "lexicon steps",
            "lexicon steps",
            "lexicon steps",
            "lexicon steps",
            "lexicon steps",
            "values",
            "rounds",
            "kinds",
            "faults",
            "0 or 1",
            "0 or 1");

    private ScanFeatures() {}
}
