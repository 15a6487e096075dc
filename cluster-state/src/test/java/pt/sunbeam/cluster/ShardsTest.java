package pt.sunbeam.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pt.sunbeam.detector.http.IpAddress;

class ShardsTest {
    /** Computed from the definition in another language: nodes of different versions must agree. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "192.0.2.1, 14",
        "192.0.2.254, 14",
        "198.51.100.7, 76",
        "203.0.113.9, 118",
        "2001:db8::1, 114",
        "2001:db8:0:1::1, 114",
        "2001:db8:2::1, 71"
    })
    void theShardOfAnAddressIsFixed(String address, int shard) {
        assertThat(Shards.of(Samples.ip(address).detectorKey())).isEqualTo(shard);
    }

    @Test
    void networksSpreadEvenly() {
        var perShard = new int[Shards.COUNT];
        for (int network = 0; network < 128 * 200; network++) {
            perShard[Shards.of(new IpAddress(0, 0xffff_0a00_0000L | (network << 8)))]++;
            perShard[Shards.of(new IpAddress(0x2001_0db8_0000_0000L | ((long) network << 16), 0))]++;
        }
        assertThat(Arrays.stream(perShard).min().orElseThrow()).isGreaterThan(300);
        assertThat(Arrays.stream(perShard).max().orElseThrow()).isLessThan(500);
    }
}
