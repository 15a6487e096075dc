package pt.sunbeam.detector.verdict;

import java.util.Locale;

/** What is done about the requests of an address that offends. */
public enum Measure {
    /** Few pass, the others are refused. */
    THROTTLE,
    /** None passes. */
    BLOCK;

    /** As audit lines and metrics name it: "throttle". */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
