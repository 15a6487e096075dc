package pt.sunbeam.config;

import static org.assertj.core.api.Assertions.assertThat;
import static pt.sunbeam.config.Reading.faults;
import static pt.sunbeam.config.Reading.hocon;
import static pt.sunbeam.config.Reading.loaded;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditTest {
    private static final String FILE = "audit.path = /var/log/a.log\n";

    @Test
    void withoutItsKeysNothingRotates() {
        assertThat(loaded(hocon(FILE)).audit().rotation()).isEqualTo(Audit.Rotation.NEVER);
        assertThat(Audit.Rotation.NEVER.isOn()).isFalse();
    }

    @Test
    void aFileRotatesBySizeAndTimeAndIsKeptForAWhile() {
        var rotation = loaded(hocon(FILE + """
                        audit { rotate_bytes = 100 MiB, rotate_every = 1 d, keep_files = 30, keep_for = 90 d, compress = true }
                        """)).audit().rotation();
        assertThat(rotation)
                .isEqualTo(new Audit.Rotation(100 << 20, Duration.ofDays(1), 30, Duration.ofDays(90), true));
        assertThat(rotation.isOn()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rotate_bytes = 0            | a size of 1 byte or more, such as "10 MiB", or "unlimited"
            rotate_bytes = 100          | a size of 64 KiB or more, or "unlimited"
            rotate_bytes = often        | a size of 1 byte or more, such as "10 MiB", or "unlimited"
            rotate_every = 60           | a time from 60 s to 31622400 s, such as "10 s"
            rotate_every = 59 s         | a time from 60 s to 31622400 s, such as "10 s"
            rotate_every = daily        | a time from 60 s to 31622400 s, such as "10 s"
            keep_files = 0              | a whole number from 1 to 100000
            keep_for = 1 s              | a time from 60 s to 632448000 s, such as "10 s"
            compress = gzip             | true or false
            """)
    void aValueThatCannotBeMeantIsAFault(String line, String expected) {
        var key = line.substring(0, line.indexOf(' '));
        assertThat(faults(hocon(FILE + "audit.rotate_bytes = 1 MiB\naudit." + line)))
                .singleElement()
                .asString()
                .startsWith("s.conf:4: audit." + key + ": found ")
                .endsWith("(expected: " + expected + ")");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rotate_bytes = 1 MiB",
                "rotate_every = 1 h",
                "keep_files = 2",
                "keep_for = 1 d",
                "compress = true"
            })
    void standardOutputDoesNotRotate(String line) {
        assertThat(faults(hocon("audit." + line)))
                .singleElement()
                .asString()
                .endsWith("(expected: nothing, or the path of a file as audit.path)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"keep_files = 2", "keep_for = 1 d", "compress = true"})
    void whatIsNeverPutAsideIsNotKept(String line) {
        assertThat(faults(hocon(FILE + "audit." + line)))
                .singleElement()
                .asString()
                .endsWith("(expected: nothing, or audit.rotate_bytes or audit.rotate_every beside it)");
    }
}
