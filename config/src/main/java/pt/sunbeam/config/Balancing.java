package pt.sunbeam.config;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who of several backends gets a request.
 *
 * @param hashOn null where the one with the fewest requests in flight of two drawn ones gets it
 * @param sticky the cookie by which a client stays with its first one, or null
 */
public record Balancing(@Nullable HashOn hashOn, @Nullable Sticky sticky) {
    public static final Balancing DEFAULT = new Balancing(null, null);

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");
    private static final String HASH_ON = "address, header:NAME or cookie:NAME";

    /** What of a request is hashed: the same value goes to the same backend for as long as that is fit. */
    public sealed interface HashOn {}

    /** The client's address. */
    public record Address() implements HashOn {}

    /**
     * The first value of a field; a request without one goes anywhere.
     *
     * @param name in lower case
     */
    public record Header(String name) implements HashOn {}

    public record Cookie(String name) implements HashOn {}

    static Balancing read(Section balancing) {
        boolean hash = balancing.parsed("policy", false, Balancing::isHash);
        var on = balancing.has("hash_on") ? balancing.parsed("hash_on", new Address(), Balancing::hashOn) : null;
        if (hash && on == null) {
            balancing.require("hash_on", HASH_ON);
        }
        if (!hash && on != null) {
            balancing.fault("hash_on", "nothing, or policy = hash");
        }
        var sticky = balancing.section("sticky_cookie");
        return new Balancing(hash ? on : null, sticky.isPresent() ? Sticky.read(sticky) : null);
    }

    private static boolean isHash(String policy) {
        return switch (policy) {
            case "least_request" -> false;
            case "hash" -> true;
            default -> throw new IllegalArgumentException("least_request or hash");
        };
    }

    private static HashOn hashOn(String text) {
        if (text.equals("address")) {
            return new Address();
        }
        int colon = text.indexOf(':');
        if (colon > 0 && TOKEN.matcher(text.substring(colon + 1)).matches()) {
            var name = text.substring(colon + 1);
            switch (text.substring(0, colon)) {
                case "header" -> {
                    return new Header(name.toLowerCase(Locale.ROOT));
                }
                case "cookie" -> {
                    return new Cookie(name);
                }
                default -> {}
            }
        }
        throw new IllegalArgumentException(HASH_ON);
    }

    static String token(String text) {
        if (TOKEN.matcher(text).matches()) {
            return text;
        }
        throw new IllegalArgumentException("1 to 128 letters, digits and !#$%&'*+.^_`|~-");
    }
}
