package pt.sunbeam.config;

import static org.assertj.core.api.Assertions.assertThat;
import static pt.sunbeam.config.Reading.faults;
import static pt.sunbeam.config.Reading.hocon;
import static pt.sunbeam.config.Reading.loaded;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyProtocolTest {
    @Test
    void itIsOffUnlessItIsAskedFor() {
        var config = loaded(hocon("routes = [{ host_prefix = a, backend = \"http://a\" }]"));
        assertThat(config.proxyProtocol()).isFalse();
        assertThat(config.routes()
                        .getFirst()
                        .pools()
                        .findFirst()
                        .orElseThrow()
                        .only()
                        .proxyProtocol())
                .isNull();
    }

    @Test
    void eachBackendIsToldOrNot() {
        var route = loaded(hocon("""
                        proxy_protocol = true
                        trusted_proxy_cidrs = ["10.0.0.0/8"]
                        routes = [{ host_prefix = a, backend = "http://a", send_proxy_protocol = v1, paths = [
                          { prefix = /b, backend = "http://b", send_proxy_protocol = v2 }
                          { prefix = /c, backend = "http://c" }
                        ] }]
                        """)).routes().getFirst();
        assertThat(route.pools().findFirst().orElseThrow().only().proxyProtocol())
                .isEqualTo(ProxyProtocol.V1);
        assertThat(route.paths()
                        .get(0)
                        .handling()
                        .pools()
                        .findFirst()
                        .orElseThrow()
                        .only()
                        .proxyProtocol())
                .isEqualTo(ProxyProtocol.V2);
        assertThat(route.paths()
                        .get(1)
                        .handling()
                        .pools()
                        .findFirst()
                        .orElseThrow()
                        .only()
                        .proxyProtocol())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "proxy_protocol = true | s.conf:2: proxy_protocol: found true (expected: false, or trusted_proxy_cidrs to say which peers send it)",
                "proxy_protocol = v2   | s.conf:2: proxy_protocol: found \"v2\" (expected: true or false)",
                "routes = [{ host_prefix = a, backend = \"http://a\", send_proxy_protocol = true }] | s.conf:2: routes[0].send_proxy_protocol: found true (expected: v1 or v2)",
            })
    void aBadValueIsNamed(String line, String fault) {
        assertThat(faults(hocon(line))).containsExactly(fault);
    }
}
