package pt.sunbeam.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import pt.sunbeam.detector.http.Cidr;

/**
 * How many requests a client may send.
 *
 * @param bypass clients that no detector and no limit looks at, whether the limits are on or not
 * @param sessionCookie the cookie whose value is an identity; a bearer token is one otherwise
 * @param authenticated for an identity that the upstream has confirmed
 * @param unauthenticated for an address, for all its requests without such an identity
 * @param address for an address, for all its requests with one
 * @param identitiesPerAddress new identities of an address within {@code staleAfter}
 * @param tableBytes of memory for all buckets
 * @param evictionInterval how often what is stale is looked for
 * @param staleAfter an identity that has not been seen for so long has to be confirmed again
 */
public record RateLimit(
        boolean enabled,
        boolean observeOnly,
        List<Cidr> bypass,
        String sessionCookie,
        Bucket authenticated,
        Bucket unauthenticated,
        Bucket address,
        int identitiesPerAddress,
        int tableBytes,
        Duration evictionInterval,
        Duration staleAfter) {
    private static final int MOST = 1_000_000;
    private static final int DAY = 86_400;
    private static final int MIB = 1 << 20;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");

    /**
     * So many requests at once, and so many a second in the long run.
     *
     * @param burst 1 to 1,000,000
     * @param rate 0.001 to 1,000,000
     */
    public record Bucket(int burst, double rate) {
        private static final String BURST = "a whole number from 1 to 1000000";
        private static final String RATE = "a number from 0.001 to 1000000, of requests a second";

        static Bucket read(Section bucket, Bucket absent) {
            return new Bucket(
                    bucket.count("burst", absent.burst, 1, MOST),
                    bucket.decimal("rate", absent.rate, 0.001, MOST, RATE));
        }

        private static Bucket required(Section bucket, boolean required, Bucket absent) {
            if (required) {
                bucket.require("burst", BURST);
                bucket.require("rate", RATE);
            }
            return read(bucket, absent);
        }

        private Bucket times(int factor) {
            return new Bucket(Math.min(MOST, burst * factor), Math.min(MOST, rate * factor));
        }
    }

    /** No limits. */
    public static final RateLimit OFF = new RateLimit(
            false,
            false,
            List.of(),
            "ory_kratos_session",
            new Bucket(200, 50),
            new Bucket(50, 10),
            new Bucket(2_000, 500),
            100,
            32 * MIB,
            Duration.ofMinutes(5),
            Duration.ofMinutes(10));

    public RateLimit {
        bypass = List.copyOf(bypass);
    }

    /** Whether the buckets of one mean the same under the other: all but whom they are for, and what a refusal does. */
    public boolean countsLike(RateLimit other) {
        return other.with(bypass, observeOnly).equals(this);
    }

    private RateLimit with(List<Cidr> others, boolean observed) {
        return new RateLimit(
                enabled,
                observed,
                others,
                sessionCookie,
                authenticated,
                unauthenticated,
                address,
                identitiesPerAddress,
                tableBytes,
                evictionInterval,
                staleAfter);
    }

    static RateLimit read(Section limit) {
        boolean enabled = limit.flag("enabled", limit.isPresent());
        var authenticated = Bucket.required(limit.section("authenticated"), enabled, OFF.authenticated);
        return new RateLimit(
                enabled,
                limit.flag("observe_only", false),
                limit.list("bypass_cidrs", SunbeamConfig::cidr),
                limit.parsed("session_cookie", OFF.sessionCookie, RateLimit::cookie),
                authenticated,
                Bucket.required(limit.section("unauthenticated"), enabled, OFF.unauthenticated),
                Bucket.read(limit.section("address"), authenticated.times(10)),
                limit.count("identities_per_address", OFF.identitiesPerAddress, 1, MOST),
                limit.bytes("table_bytes", OFF.tableBytes, 64 * 1024, 1024L * MIB),
                limit.seconds("eviction_interval_secs", 300, 1, DAY),
                limit.seconds("stale_after_secs", 600, 1, 7 * DAY));
    }

    private static String cookie(String name) {
        if (TOKEN.matcher(name).matches()) {
            return name;
        }
        throw new IllegalArgumentException("the name of a cookie, such as ory_kratos_session");
    }
}
