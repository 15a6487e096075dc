package pt.sunbeam.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the scanner detector judges by. */
public enum ScannerMode {
    /** The values of a request, made canonical and weighed by the lexicon. */
    LEXICON,
    /** The 12 features of the original's envelope and path, for comparison. */
    BASELINE;

    static ScannerMode of(String text) {
        for (ScannerMode mode : values()) {
            if (mode.word().equals(text)) {
                return mode;
            }
        }
        throw new IllegalArgumentException(
                Arrays.stream(values()).map(ScannerMode::word).collect(Collectors.joining(" or ")));
    }

    /** The word for it in configurations: "lexicon". */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
