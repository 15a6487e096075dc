package pt.sunbeam.proxy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import pt.sunbeam.config.RateLimit;
import pt.sunbeam.config.RateLimit.Bucket;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.limit.RateLimiter.Admitted;
import pt.sunbeam.proxy.limit.RateLimiter.Refused;
import pt.sunbeam.proxy.message.Field;

class RateLimiterTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = -7 * SECOND; // as of System.nanoTime, which may be below 0
    private static final IpAddress HOME = IpAddress.parse("203.0.113.9");
    private static final IpAddress OFFICE = IpAddress.parse("2001:db8:1:2::3");

    private static RateLimit config(
            Bucket authenticated, Bucket unauthenticated, Bucket address, int identities, int bytes) {
        return new RateLimit(
                true,
                false,
                List.of(),
                "sid",
                authenticated,
                unauthenticated,
                address,
                identities,
                bytes,
                Duration.ofMinutes(5),
                Duration.ofMinutes(10));
    }

    private static RateLimiter limiter(RateLimit config) {
        return new RateLimiter(config, new SplittableRandom(1), START);
    }

    private static RateLimiter small() {
        return limiter(config(new Bucket(6, 2), new Bucket(3, 1), new Bucket(10, 5), 2, 1 << 20));
    }

    private static int admitted(RateLimiter limiter, IpAddress client, long credential, long nanos, int requests) {
        int admitted = 0;
        for (int i = 0; i < requests; i++) {
            admitted += limiter.admit(client, credential, nanos) instanceof Admitted ? 1 : 0;
        }
        return admitted;
    }

    private static RequestHead head(String... fields) {
        return RequestHead.of("GET", "/", fields);
    }

    static Stream<Integer> seeds() {
        return IntStream.range(0, 8).boxed();
    }

    @Test
    void anAddressHasItsBurstAndItsRate() {
        var limiter = small();
        assertThat(admitted(limiter, HOME, RateLimiter.NO_CREDENTIAL, START, 10))
                .isEqualTo(3);
        assertThat(admitted(limiter, OFFICE, RateLimiter.NO_CREDENTIAL, START, 10))
                .isEqualTo(3);
        assertThat(admitted(limiter, HOME, RateLimiter.NO_CREDENTIAL, START + 2 * SECOND, 10))
                .isEqualTo(2);
    }

    @Test
    void aWholeNetworkOfIpv6IsOneAddress() {
        var limiter = small();
        assertThat(admitted(limiter, OFFICE, 0, START, 10)).isEqualTo(3);
        assertThat(admitted(limiter, IpAddress.parse("2001:db8:1:2:ffff::1"), 0, START, 10))
                .isZero();
        assertThat(admitted(limiter, IpAddress.parse("2001:db8:1:3::3"), 0, START, 10))
                .isEqualTo(3);
    }

    @Test
    void aRefusalSaysWhatTheLimitIsAndWhenToComeBack() {
        var limiter = small();
        admitted(limiter, HOME, 0, START, 3);
        assertThat(limiter.admit(HOME, 0, START + SECOND / 2)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.waitNanos()).isEqualTo(SECOND / 2);
            assertThat(refused.policy().refusal(refused.waitNanos()))
                    .containsExactly(
                            new Field("Retry-After", "1"),
                            new Field("RateLimit-Policy", "\"unauthenticated\";q=3;w=3"),
                            new Field("RateLimit", "\"unauthenticated\";r=0;t=1"));
            assertThat(refused.policy().refusal(90 * SECOND + 1)).contains(new Field("Retry-After", "91"));
        });
    }

    @Test
    void aCredentialCountsOnceItIsConfirmed() {
        var limiter = small();
        long credential = limiter.credential(head("Cookie", "sid=abc"));
        assertThat(admitted(limiter, HOME, credential, START, 10)).isEqualTo(3);
        limiter.confirm(HOME, credential, START);
        assertThat(admitted(limiter, HOME, credential, START, 10)).isEqualTo(6);
        // wherever it is used
        assertThat(admitted(limiter, OFFICE, credential, START, 10)).isZero();
        assertThat(limiter.admit(HOME, credential, START).policy().name()).isEqualTo("authenticated");
        assertThat(limiter.trackedIdentities()).isEqualTo(1);
    }

    @Test
    void madeUpCredentialsAreThoseOfTheirAddress() {
        var limiter = small();
        int admitted = 0;
        for (int i = 0; i < 100; i++) {
            admitted += admitted(limiter, HOME, limiter.credential(head("Cookie", "sid=" + i)), START, 1);
        }
        assertThat(admitted).isEqualTo(3);
    }

    @Test
    void anAddressConfirmsSoManyNewCredentialsAndItsIdentitiesShareALimitToo() {
        var limiter = small();
        int admitted = 0;
        for (int i = 0; i < 100; i++) {
            long credential = limiter.credential(head("Cookie", "sid=" + i));
            limiter.confirm(HOME, credential, START);
            admitted += admitted(limiter, HOME, credential, START, 100);
        }
        assertThat(limiter.trackedIdentities()).isEqualTo(2);
        assertThat(limiter.unconfirmed()).isEqualTo(98);
        assertThat(admitted).isEqualTo(10 + 3);
    }

    @Test
    void whatTheAddressRefusesIsNotTakenFromTheIdentity() {
        var limiter = small();
        long first = limiter.credential(head("Cookie", "sid=first"));
        long second = limiter.credential(head("Cookie", "sid=second"));
        limiter.confirm(HOME, first, START);
        limiter.confirm(HOME, second, START);
        assertThat(admitted(limiter, HOME, first, START, 6)).isEqualTo(6);
        assertThat(admitted(limiter, HOME, second, START, 6)).isEqualTo(4);
        assertThat(limiter.admit(HOME, second, START).policy().name()).isEqualTo("address");
        assertThat(admitted(limiter, OFFICE, second, START, 6)).isEqualTo(2);
    }

    @Test
    void anIdentityThatWasNotSeenForLongIsConfirmedAnew() {
        var limiter = small();
        long credential = limiter.credential(head("Cookie", "sid=abc"));
        limiter.confirm(HOME, credential, START);
        limiter.sweep(START + 599 * SECOND);
        assertThat(limiter.admit(HOME, credential, START + 599 * SECOND)
                        .policy()
                        .name())
                .isEqualTo("authenticated");
        limiter.sweep(START + 1_198 * SECOND);
        assertThat(limiter.admit(HOME, credential, START + 1_198 * SECOND)
                        .policy()
                        .name())
                .isEqualTo("authenticated");
        limiter.sweep(START + 1_900 * SECOND);
        assertThat(limiter.admit(HOME, credential, START + 1_900 * SECOND)
                        .policy()
                        .name())
                .isEqualTo("unauthenticated");
        assertThat(limiter.trackedIdentities()).isZero();
    }

    @Test
    void theClockMayJump() {
        var limiter = small();
        long credential = limiter.credential(head("Cookie", "sid=abc"));
        limiter.confirm(HOME, credential, START);
        assertThat(admitted(limiter, HOME, credential, START, 10)).isEqualTo(6);
        long back = START - Duration.ofDays(400).toNanos();
        assertThat(admitted(limiter, HOME, credential, back, 10)).isZero();
        limiter.sweep(back);
        assertThat(admitted(limiter, HOME, credential, back + SECOND, 10)).isEqualTo(2);
        long ahead = START + Duration.ofDays(4_000).toNanos();
        assertThat(admitted(limiter, OFFICE, 0, ahead, 10)).isEqualTo(3);
        assertThat(admitted(limiter, OFFICE, 0, START, 10)).isZero();
        assertThat(admitted(limiter, OFFICE, 0, START + SECOND, 10)).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Cookie        | sid=abc",
                "Cookie        | theme=dark; sid=abc",
                "Cookie        | theme=dark;sid=abc;x=y",
                "Cookie        | sidx=1; xsid=2; sid=abc; sid=other",
                "Cookie        | sid= abc ;",
                "cookie        | sid=; sid=abc",
            })
    void theSessionCookieIsFound(String name, String value) {
        var limiter = small();
        assertThat(limiter.credential(head(name, value))).isEqualTo(limiter.credential(head("Cookie", "sid=abc")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Cookie        | SID=abc",
                "Cookie        | sid=",
                "Cookie        | sid",
                "Cookie        | =sid",
                "Cookie        | ;;;",
                "Authorization | Basic abc",
                "Authorization | Bearer",
                "Authorization | Bearer   ",
                "X-Other       | sid=abc",
            })
    void otherFieldsAreNoCredentials(String name, String value) {
        assertThat(small().credential(head(name, value))).isEqualTo(RateLimiter.NO_CREDENTIAL);
    }

    @Test
    void aBearerTokenIsACredentialWhereThereIsNoCookie() {
        var limiter = small();
        long token = limiter.credential(head("Authorization", "Bearer abc"));
        assertThat(token).isNotEqualTo(RateLimiter.NO_CREDENTIAL);
        assertThat(limiter.credential(head("authorization", "bearer  abc"))).isEqualTo(token);
        long cookie = limiter.credential(head("Cookie", "sid=abc"));
        assertThat(token).isNotEqualTo(cookie);
        assertThat(limiter.credential(head("Authorization", "Bearer abc", "Cookie", "a=b", "Cookie", "sid=abc")))
                .isEqualTo(cookie);
    }

    /** Many addresses of few networks, in tables of every size: those who share and those who do not, and who go from one to the other. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noAddressEverGetsMoreThanItsRate(int seed) {
        var random = new SplittableRandom(seed);
        var limiter = new RateLimiter(
                config(new Bucket(6, 2), new Bucket(3, 1), new Bucket(10, 5), 2, 4_096 << random.nextInt(3)),
                random.split(),
                START);
        var exact = new Reference(new Rate(3, SECOND));
        int hosts = 1 + random.nextInt(256);
        int networks = 1 + random.nextInt(64);
        long now = START;
        for (int i = 0; i < 100_000; i++) {
            now += random.nextLong(SECOND / 100);
            var client = new IpAddress(
                    0x2001_0db8_0000_0000L + ((long) random.nextInt(networks) << 16) + random.nextInt(hosts), 1);
            if (limiter.admit(client, 0, now) instanceof Admitted) {
                exact.check(client, now);
            }
            if (random.nextInt(10_000) == 0) {
                limiter.sweep(now);
            }
        }
        assertThat(hosts * networks < 1_000 || limiter.sharing() > 0).isTrue();
    }

    private static long credential(IpAddress client) {
        return new SplittableRandom(client.low()).nextLong();
    }

    /** What an address would be allowed with all the memory in the world. */
    private static final class Reference {
        private final Map<IpAddress, Long> times = new HashMap<>();
        private final Rate rate;

        Reference(Rate rate) {
            this.rate = rate;
        }

        void check(IpAddress client, long nanos) {
            long now = nanos - START + 1;
            long level = rate.level(times.getOrDefault(client, 0L), now);
            assertThat(rate.wait(level, now)).as(client + " at " + now).isNotPositive();
            times.put(client, level + rate.interval());
        }
    }

    /**
     * A minute in which a million addresses come with a million made-up credentials, all of which the upstream confirms, while a thousand clients go on as before.
     * Memory is what was configured, taken at the start; those clients get what they would have got alone.
     */
    @Test
    void aMillionStrangersCostNoMemoryAndNobodyHisBucket() {
        int bytes = 4 << 20; // room for a ninth of them
        int strangers = 1_000_000;
        int regulars = 1_000;
        var random = new SplittableRandom(5);
        var addresses = IntStream.range(0, strangers)
                .mapToObj(i -> (i & 1) == 0
                        ? new IpAddress(0, 0xffff_0000_0000L | (random.nextInt() & 0xffff_ffffL))
                        : new IpAddress(0x2000_0000_0000_0000L | (random.nextLong() >>> 4), random.nextLong()))
                .toArray(IpAddress[]::new);
        var known = IntStream.range(0, regulars)
                .mapToObj(i -> IpAddress.parse("10.1." + i / 250 + "." + (1 + i % 250)))
                .toArray(IpAddress[]::new);
        var exact = new Reference(new Rate(3, SECOND));
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var config = config(new Bucket(6, 2), new Bucket(3, 1), new Bucket(10, 5), 2, bytes);
        limiter(config).admit(HOME, 0, START); // loads the classes

        long before = threads.getCurrentThreadAllocatedBytes();
        var limiter = limiter(config);
        long taken = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(taken).isBetween(bytes * 9L / 10, bytes + 16_384L);

        int[] regularAdmitted = new int[regulars];
        for (IpAddress client : known) {
            limiter.confirm(client, credential(client), START);
        }
        long allocated = 0;
        for (int i = 0; i < strangers; i++) {
            long now = START + i * (60 * SECOND / strangers);
            long mark = threads.getCurrentThreadAllocatedBytes();
            var outcome = limiter.admit(addresses[i], random.nextLong() | 1, now);
            limiter.confirm(addresses[i], random.nextLong() | 1, now);
            allocated += outcome instanceof Admitted ? threads.getCurrentThreadAllocatedBytes() - mark : 0;
            if (i % 50 == 0) { // each of them 20 times in the minute, three times in a row
                int regular = i / 50 % regulars;
                for (int burst = 0; burst < 3; burst++) {
                    if (limiter.admit(known[regular], 0, now) instanceof Admitted) {
                        exact.check(known[regular], now);
                        regularAdmitted[regular]++;
                    }
                }
            }
            if (i % 250_000 == 0) {
                limiter.sweep(now);
            }
        }
        assertThat(allocated).isLessThan(100_000L);
        assertThat(limiter.trackedAddresses() + limiter.trackedIdentities()).isLessThan(bytes / 16);
        assertThat(limiter.unconfirmed()).isPositive();
        // 3 s between their turns fill a bucket of 3 again
        assertThat(regularAdmitted).containsOnly(60);
        for (IpAddress client : known) {
            assertThat(limiter.admit(client, credential(client), START + 60 * SECOND)
                            .policy()
                            .name())
                    .isEqualTo("authenticated");
        }
    }
}
