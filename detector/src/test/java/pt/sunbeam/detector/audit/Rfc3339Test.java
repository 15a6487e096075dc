package pt.sunbeam.detector.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-03-10T12:00:00Z",
                "2024-02-29T23:59:59.9Z",
                "0000-01-01T00:00:00.000000001Z",
                "9999-12-31T23:59:59.123456789Z",
                "2026-03-10T24:00:00Z",
                "2016-12-31T23:59:60Z",
                "2026-03-10T12:00:00+01:00",
                "2026-03-10t12:00:00z",
                "2026-03-10T12:00:00.Z"
            })
    void aTimeIsWhatTheJdkSays(String text) {
        assertThat(Rfc3339.parse(text)).isEqualTo(Instant.parse(text));
    }

    @Test
    void anyInstantIsReadAsItIsWritten() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            var instant = Instant.ofEpochSecond(random.nextLong(-62_167_219_200L, 253_402_300_800L))
                    .plusNanos(random.nextInt(1_000_000_000));
            assertThat(Rfc3339.parse(instant.toString())).isEqualTo(instant);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2026-03-10T12:00:00",
                "2026-02-29T12:00:00Z",
                "2026-13-10T12:00:00Z",
                "2026-03-10T12:60:00Z",
                "2026-03-10T12:00:00.1234567890Z",
                "2026-03-10T12:00:0xZ",
                "2026-03-10 12:00:00Z",
                "+026-03-10T12:00:00Z"
            })
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> Rfc3339.parse(text)).isInstanceOf(DateTimeException.class);
    }
}
