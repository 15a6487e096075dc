package pt.sunbeam.detector.feature;

import org.jspecify.annotations.Nullable;

/**
 * What the original Rust proxy let pass without asking its model. A client can forge either, so both are off unless configured.
 */
public enum ShortCircuit {
    HOST_AND_COOKIES("allowlist:host+cookies"),
    HOST_AND_BROWSER("allowlist:host+browser");

    private final String reason;

    ShortCircuit(String reason) {
        this.reason = reason;
    }

    /** The label of metrics and logs. */
    public String reason() {
        return reason;
    }

    /** The first one switched on that {@link ScannerFeatures} fulfil, or null. */
    public static @Nullable ShortCircuit of(int[] features, boolean hostAndCookies, boolean hostAndBrowser) {
        if (features[ScannerFeatures.HOST_IS_CONFIGURED] == 0) {
            return null;
        }
        if (hostAndCookies && features[ScannerFeatures.HAS_COOKIES] != 0) {
            return HOST_AND_COOKIES;
        }
        boolean browser = features[ScannerFeatures.HAS_ACCEPT_LANGUAGE] != 0
                && features[ScannerFeatures.UA_CATEGORY] == ScannerFeatures.UA_BROWSER;
        return hostAndBrowser && browser ? HOST_AND_BROWSER : null;
    }
}
