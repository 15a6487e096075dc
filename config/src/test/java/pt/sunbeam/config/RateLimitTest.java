package pt.sunbeam.config;

import static org.assertj.core.api.Assertions.assertThat;
import static pt.sunbeam.config.Reading.faults;
import static pt.sunbeam.config.Reading.hocon;
import static pt.sunbeam.config.Reading.loaded;
import static pt.sunbeam.config.Reading.toml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pt.sunbeam.config.RateLimit.Bucket;
import pt.sunbeam.detector.http.Cidr;

class RateLimitTest {
    private static final String REQUIRED =
            "rate_limit { authenticated { burst = 200, rate = 50 }, unauthenticated { burst = 50, rate = 10 } }\n";

    private static RateLimit limit(String more) {
        return loaded(hocon(REQUIRED + more)).rateLimit();
    }

    @Test
    void withoutTheSectionThereAreNoLimits() {
        assertThat(loaded(hocon("")).rateLimit()).isEqualTo(RateLimit.OFF);
        assertThat(loaded(hocon("rate_limit.enabled = false")).rateLimit()).isEqualTo(RateLimit.OFF);
    }

    @Test
    void theOriginalsSectionReadsAsItWas() {
        var limit = loaded(toml("""
                        [listen]
                        http = "0.0.0.0:80"
                        [rate_limit]
                        enabled = true
                        bypass_cidrs = ["10.42.0.0/16"]
                        eviction_interval_secs = 300
                        stale_after_secs = 600
                        [rate_limit.authenticated]
                        burst = 200
                        rate = 50.0
                        [rate_limit.unauthenticated]
                        burst = 50
                        rate = 10.0
                        """)).rateLimit();
        assertThat(limit)
                .isEqualTo(new RateLimit(
                        true,
                        false,
                        List.of(Cidr.parse("10.42.0.0/16")),
                        "ory_kratos_session",
                        new Bucket(200, 50),
                        new Bucket(50, 10),
                        new Bucket(2_000, 500),
                        100,
                        32 << 20,
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(10)));
    }

    @Test
    void everyKeyCanBeSet() {
        var limit = limit("""
                rate_limit {
                  observe_only = true, session_cookie = sid, identities_per_address = 3, table_bytes = 1 MiB
                  eviction_interval_secs = 60, stale_after_secs = 3600, bypass_cidrs = ["192.0.2.1"]
                  unauthenticated { burst = 5, rate = 0.5 }
                  address { burst = 7, rate = 100 }
                }
                """);
        assertThat(limit)
                .isEqualTo(new RateLimit(
                        true,
                        true,
                        List.of(Cidr.parse("192.0.2.1")),
                        "sid",
                        new Bucket(200, 50),
                        new Bucket(5, 0.5),
                        new Bucket(7, 100),
                        3,
                        1 << 20,
                        Duration.ofMinutes(1),
                        Duration.ofHours(1)));
    }

    @Test
    void theLimitOfAnAddressFollowsThatOfAnIdentity() {
        assertThat(limit("rate_limit.authenticated { burst = 300000, rate = 7.5 }")
                        .address())
                .isEqualTo(new Bucket(1_000_000, 75));
    }

    @Test
    void whatIsRequiredIsMissed() {
        assertThat(faults(hocon("rate_limit {}")))
                .containsExactlyInAnyOrder(
                        "s.conf:2: rate_limit.authenticated.burst: found nothing (expected: a whole number from 1 to 1000000)",
                        "s.conf:2: rate_limit.authenticated.rate: found nothing (expected: a number from 0.001 to 1000000, of requests a second)",
                        "s.conf:2: rate_limit.unauthenticated.burst: found nothing (expected: a whole number from 1 to 1000000)",
                        "s.conf:2: rate_limit.unauthenticated.rate: found nothing (expected: a number from 0.001 to 1000000, of requests a second)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "authenticated.burst = 0             | a whole number from 1 to 1000000",
                "authenticated.burst = 1.5           | a whole number from 1 to 1000000",
                "unauthenticated.rate = 0            | a number from 0.001 to 1000000, of requests a second",
                "unauthenticated.rate = fast         | a number from 0.001 to 1000000, of requests a second",
                "address.rate = -1                   | a number from 0.001 to 1000000, of requests a second",
                "address.rate = NaN                  | a number from 0.001 to 1000000, of requests a second",
                "session_cookie = \"a b\"             | the name of a cookie, such as ory_kratos_session",
                "session_cookie = \"\"                | the name of a cookie, such as ory_kratos_session",
                "identities_per_address = 0          | a whole number from 1 to 1000000",
                "table_bytes = 1 KiB                 | a size from 64 KiB to 1024 MiB, such as \"32 KiB\"",
                "stale_after_secs = 0                | a whole number from 1 to 604800",
                "eviction_interval_secs = 5 s        | a whole number from 1 to 86400",
                "bypass_cidrs = [\"10.0.0.1/8\"]      | an address block such as 10.0.0.0/8; ",
            })
    void aBadValueIsNamed(String line, String expected) {
        assertThat(faults(hocon(REQUIRED + "rate_limit." + line)))
                .singleElement()
                .asString()
                .startsWith("s.conf:3: rate_limit." + line.replaceAll("( =|\\[).*", ""))
                .contains("(expected: " + expected);
    }

    @Test
    void theSectionOfTheManualIsOne() throws IOException {
        var manual = Files.readString(Path.of(System.getProperty("basedir", "."), "..", "docs", "configuration.md"));
        int from = manual.indexOf("```hocon\nrate_limit {") + "```hocon\n".length();
        assertThat(loaded(hocon(manual.substring(from, manual.indexOf("```", from))))
                        .rateLimit())
                .isEqualTo(limit(""));
    }
}
