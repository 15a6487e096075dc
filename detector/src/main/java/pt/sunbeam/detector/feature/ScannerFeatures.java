package pt.sunbeam.detector.feature;

import java.util.List;
import java.util.Set;
import pt.sunbeam.detector.http.RequestHead;

/** The 12 features of one request that the baseline scanner detector sees; whole numbers, units below. */
public final class ScannerFeatures {
    public static final int SUSPICIOUS_PATH_SCORE = 0; // 1/1000
    public static final int PATH_DEPTH = 1; // segments, at most 20
    public static final int HAS_SUSPICIOUS_EXTENSION = 2; // 0 or 1
    public static final int HAS_COOKIES = 3; // 0 or 1
    public static final int HAS_REFERER = 4; // 0 or 1
    public static final int HAS_ACCEPT_LANGUAGE = 5; // 0 or 1
    public static final int ACCEPT_QUALITY = 6; // 0 or 1
    public static final int UA_CATEGORY = 7; // 1/4: 0, 1, 2, 4
    public static final int METHOD_IS_UNUSUAL = 8; // 0 or 1
    public static final int HOST_IS_CONFIGURED = 9; // 0 or 1
    public static final int CONTENT_LENGTH_MISMATCH = 10; // 0 or 1
    public static final int PATH_HAS_TRAVERSAL = 11; // 0 or 1
    public static final int COUNT = 12;

    /** By position. */
    public static final List<String> NAMES = List.of();

    public static final List<String> UNITS = List.of();

    public ScannerFeatures(Set<String> hostPrefixes) {}

    /** Writes {@code out[0..COUNT)}; allocates nothing, never throws. */
    public void extract(RequestHead head, int[] out) {
        throw new UnsupportedOperationException("stub");
    }
}
