package pt.sunbeam.detector.feature;

import java.util.List;
import java.util.stream.Stream;

/**
 * Positions of the 22 features of one address over its window: those of {@link DdosFeatures}, then what tells more of who sends. {@code SlidingWindow}
 * computes them.
 */
public final class AddressFeatures {
    /** Distinct paths, assets aside, of requests that were answered 404 or 410: good requests in between don't lower it. */
    public static final int MISSED_PATHS = 14;

    /** Share that the site answered 401 or 403; what the scanner detector refused is not the site's. */
    public static final int DENIED_RATIO = 15; // 1/10000

    /** Share that asks for images, styles, scripts, fonts and the like: a browser's pages bring many. */
    public static final int ASSET_RATIO = 16; // 1/10000

    /**
     * Standard deviation of the binary logarithms of 1 + the gaps between neighbours in ms; 0 below three requests. A metronome has 0, a Poisson process
     * about 1.85 octaves; people, who pause and burst, have more.
     */
    public static final int GAP_SPREAD = 17; // 1/1000 octaves

    /**
     * Distinct combinations of User-Agent, Accept-Language and Accept-Encoding: the people behind one address. Cookies would tell more, but logs don't
     * hold them, and a replay has to come to the same.
     */
    public static final int IDENTITIES = 18;

    /** Share with a head that the scanner detector refuses, or would where it only observes. */
    public static final int SCANNER_RATIO = 19; // 1/10000

    /** How much the address's /24 or /48 sent in the slice of time before each request, the mean; see {@code Crowds}. */
    public static final int NETWORK_LOAD = 20; // 1/1000 octaves

    /** How much more than usual that which was asked for was asked for in the slice of time before, the mean; see {@code Crowds}. */
    public static final int SURGE = 21; // 1/1000 octaves

    public static final int COUNT = 22;

    /** By position. */
    public static final List<String> NAMES = behind(
            DdosFeatures.NAMES,
            "missed_paths",
            "denied_ratio",
            "asset_ratio",
            "gap_spread",
            "identities",
            "scanner_ratio",
            "network_load",
            "surge");

    public static final List<String> UNITS = behind(
            DdosFeatures.UNITS,
            "paths",
            "1/10000",
            "1/10000",
            "1/1000 octaves",
            "identities",
            "1/10000",
            "1/1000 octaves",
            "1/1000 octaves");

    private static List<String> behind(List<String> first, String... further) {
        return Stream.concat(first.stream(), Stream.of(further)).toList();
    }

    private AddressFeatures() {}
}
