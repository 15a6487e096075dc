package pt.sunbeam.proxy.headers;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Fields that belong to one connection and are never forwarded (RFC 9110 section 7.6.1). */
final class HopByHop {
    private static final Set<String> ALWAYS = Set.of(
            "connection",
            "http2-settings",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** What {@code Connection} cannot take away, whoever names it: without these the message would be another one. */
    private static final Set<String> NEVER =
            Set.of("host", "content-length", "content-type", "authorization", "cookie");

    private final Set<String> named;

    /** @param connectionValues the values of all Connection fields of the message */
    HopByHop(List<String> connectionValues) {
        if (connectionValues.isEmpty()) {
            named = Set.of();
            return;
        }
        named = new HashSet<>();
        for (String value : connectionValues) {
            for (String option : value.split(",", -1)) {
                String name = option.trim().toLowerCase(Locale.ROOT);
                if (!NEVER.contains(name)) {
                    named.add(name);
                }
            }
        }
    }

    boolean drops(String lowerCaseName) {
        return ALWAYS.contains(lowerCaseName) || named.contains(lowerCaseName);
    }
}
