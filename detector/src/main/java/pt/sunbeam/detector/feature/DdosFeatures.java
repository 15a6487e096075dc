package pt.sunbeam.detector.feature;

import java.util.List;

/** Positions of the 14 features of one address over its window; {@code SlidingWindow} computes them. */
public final class DdosFeatures {
    public static final int REQUEST_RATE = 0; // 1/1000 requests a second
    public static final int UNIQUE_PATHS = 1;
    public static final int UNIQUE_HOSTS = 2;
    public static final int ERROR_RATE = 3; // 1/10000
    public static final int AVG_DURATION_MS = 4; // ms
    public static final int METHOD_ENTROPY = 5; // 1/10000 nat
    public static final int BURST_SCORE = 6; // 1/1000 requests a second
    public static final int PATH_REPETITION = 7; // 1/10000
    public static final int AVG_CONTENT_LENGTH = 8; // bytes
    public static final int UNIQUE_USER_AGENTS = 9;
    public static final int COOKIE_RATIO = 10; // 1/10000
    public static final int REFERER_RATIO = 11; // 1/10000
    public static final int ACCEPT_LANGUAGE_RATIO = 12; // 1/10000
    public static final int SUSPICIOUS_PATH_RATIO = 13; // 1/10000
    public static final int COUNT = 14;

    /** By position. */
    public static final List<String> NAMES = List.of(
            "request_rate",
            "unique_paths",
            "unique_hosts",
            "error_rate",
            "avg_duration_ms",
            "method_entropy",
            "burst_score",
            "path_repetition",
            "avg_content_length",
            "unique_user_agents",
            "cookie_ratio",
            "referer_ratio",
            "accept_language_ratio",
            "suspicious_path_ratio");

    public static final List<String> UNITS = List.of(
            "1/1000 requests a second",
            "paths",
            "hosts",
            "1/10000",
            "ms",
            "1/10000 nat",
            "1/1000 requests a second",
            "1/10000",
            "bytes",
            "user agents",
            "1/10000",
            "1/10000",
            "1/10000",
            "1/10000");

    private DdosFeatures() {}
}
