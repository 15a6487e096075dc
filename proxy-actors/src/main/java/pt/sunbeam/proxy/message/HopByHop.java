package pt.sunbeam.proxy.message;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import pt.sunbeam.detector.http.ByteStrings;

/** Fields that belong to one connection and are never forwarded (RFC 9110 section 7.6.1). */
public final class HopByHop {
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

    private static final ByteStrings ALWAYS_AS_BYTES = new ByteStrings(ALWAYS);

    /** What {@code Connection} cannot take away, whoever names it: without these the message would be another one. */
    private static final Set<String> NEVER =
            Set.of("host", "content-length", "content-type", "authorization", "cookie");

    /** Those that are dropped in any message. */
    private static final HopByHop UNNAMED = new HopByHop(Set.of());

    private final Set<String> named;
    private final ByteStrings namedAsBytes;

    private HopByHop(Set<String> named) {
        this.named = named;
        this.namedAsBytes = new ByteStrings(named);
    }

    /**
     * Those of one message.
     *
     * @param connectionValues the values of all its Connection fields
     */
    public static HopByHop of(List<String> connectionValues) {
        var named = new HashSet<String>();
        for (String value : connectionValues) {
            for (String option : value.split(",", -1)) {
                String name = option.trim().toLowerCase(Locale.ROOT);
                if (!name.isEmpty() && !ALWAYS.contains(name) && !NEVER.contains(name)) {
                    named.add(name);
                }
            }
        }
        return named.isEmpty() ? UNNAMED : new HopByHop(named);
    }

    public boolean drops(String lowerCaseName) {
        return ALWAYS.contains(lowerCaseName) || named.contains(lowerCaseName);
    }

    /** The same of a name in any case, as a range of bytes. */
    public boolean drops(byte[] bytes, int from, int to) {
        return ALWAYS_AS_BYTES.contains(bytes, from, to) || namedAsBytes.contains(bytes, from, to);
    }
}
