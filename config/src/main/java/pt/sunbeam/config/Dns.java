package pt.sunbeam.config;

import java.time.Duration;
import java.util.List;
import pt.sunbeam.config.SunbeamConfig.HostPort;

/**
 * How the names of backends become addresses.
 *
 * @param resolvers who is asked; none for those of the system
 * @param minTtl an answer is believed for so long even where it says less
 * @param maxTtl and no longer than this even where it says more
 */
public record Dns(List<HostPort> resolvers, Duration minTtl, Duration maxTtl, Family family) {
    public static final Dns DEFAULTS =
            new Dns(List.of(), Duration.ofSeconds(1), Duration.ofMinutes(5), Family.IPV4_FIRST);

    private static final int PORT = 53;
    private static final String RESOLVER = "the address of a resolver, such as 10.0.0.2 or 127.0.0.1:5353";

    /** Which addresses of a name are used. */
    public enum Family {
        IPV4_FIRST,
        IPV6_FIRST,
        ALL
    }

    public Dns {
        resolvers = List.copyOf(resolvers);
    }

    static Dns read(Section dns) {
        var least = Duration.ofMillis(100);
        var day = Duration.ofDays(1);
        var min = dns.duration("min_ttl", DEFAULTS.minTtl, least, day);
        var usual = DEFAULTS.maxTtl;
        var max = dns.duration("max_ttl", usual.compareTo(min) < 0 ? min : usual, least, day);
        if (max.compareTo(min) < 0) {
            dns.fault("max_ttl", "at least min_ttl");
        }
        return new Dns(
                dns.list("resolvers", Dns::resolver), min, max, dns.parsed("family", DEFAULTS.family, Dns::family));
    }

    private static HostPort resolver(String text) {
        var bracketed = text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("[") ? "[" + text + "]" : text;
        var at = HostPort.parse(bracketed, PORT, RESOLVER);
        if (at.port() > 0 && at.isLiteral()) {
            return at;
        }
        throw new IllegalArgumentException(RESOLVER);
    }

    private static Family family(String word) {
        return switch (word) {
            case "ipv4_first" -> Family.IPV4_FIRST;
            case "ipv6_first" -> Family.IPV6_FIRST;
            case "all" -> Family.ALL;
            default -> throw new IllegalArgumentException("ipv4_first, ipv6_first or all");
        };
    }
}
