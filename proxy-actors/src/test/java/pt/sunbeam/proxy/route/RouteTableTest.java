package pt.sunbeam.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pt.sunbeam.config.Backend;
import pt.sunbeam.config.PathRoute;
import pt.sunbeam.config.Pool;
import pt.sunbeam.config.Route;

class RouteTableTest {
    private static final Pool SITE = pool("site");
    private static final Pool API = pool("api");
    private static final Pool V2 = pool("v2");

    private final RouteTable routes = new RouteTable(List.of(new Route(
            "shop",
            SITE,
            List.of(
                    new PathRoute("/api", API, true, null),
                    new PathRoute("/api/v2", V2, true, "/base/"),
                    new PathRoute("/files/", API, false, null)))));

    @ParameterizedTest(name = "{0} goes to {1} as {2}")
    @CsvSource({
        "/, site, /",
        "/about, site, /about",
        "/api, api, /",
        "/api/, api, /",
        "/api/items, api, /items",
        "/apiary, site, /apiary", // whole segments only
        "/api/v2/items, v2, /base/items", // the longest prefix wins
        "/api/v2, v2, /base/",
        "/api/v20, api, /v20",
        "/files/a, api, /files/a",
        "/files, site, /files",
    })
    void theLongestPrefixOfWholeSegmentsWins(String path, String backend, String target) {
        assertThat(find("shop.example", path, "")).isEqualTo(backend + " " + target);
    }

    @Test
    void theQueryStaysAsItIs() {
        assertThat(find("shop.example", "/api/items", "?q=%20a+b&c")).isEqualTo("api /items?q=%20a+b&c");
    }

    @Test
    void theFirstLabelOfTheHostDecides() {
        assertThat(find("shop", "/", "")).isNotNull();
        assertThat(find("shop.other.example", "/", "")).isNotNull();
        assertThat(find("shopping.example", "/", "")).isNull();
        assertThat(find("", "/", "")).isNull();
        assertThat(routes.hostPrefix("shop.example")).isEqualTo("shop");
        assertThat(routes.hostPrefix("www.example")).isNull();
    }

    private @Nullable String find(String host, String path, String query) {
        Target target = routes.find(host, path, query);
        return target == null
                ? null
                : Objects.requireNonNull(target.pool().only().host()) + " " + target.target();
    }

    private static Pool pool(String name) {
        return Pool.of(new Backend("http://" + name, name, 80));
    }
}
