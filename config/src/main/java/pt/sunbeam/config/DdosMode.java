package pt.sunbeam.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the DDoS detector judges by. */
public enum DdosMode {
    /** All 22 features of an address. */
    EVIDENCE,
    /** The original's 14, for comparison. */
    BASELINE;

    static DdosMode of(String text) {
        for (DdosMode mode : values()) {
            if (mode.word().equals(text)) {
                return mode;
            }
        }
        throw new IllegalArgumentException(
                Arrays.stream(values()).map(DdosMode::word).collect(Collectors.joining(" or ")));
    }

    /** The word for it in configurations: "evidence". */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
