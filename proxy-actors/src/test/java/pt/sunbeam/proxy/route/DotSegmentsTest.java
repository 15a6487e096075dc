package pt.sunbeam.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DotSegmentsTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "/, /",
        "/a/b, /a/b",
        "/a/./b, /a/b",
        "/a/../b, /b",
        "/a/b/.., /a/",
        "/a/b/., /a/b/",
        "/a/%2e%2E/b, /b",
        "/a/.%2e/b, /b",
        "/%2e/b, /b",
        "/public/../admin, /admin",
        "/a//b, /a//b",
        "/a//../b, /a/b",
        "/.well-known/x, /.well-known/x",
        "/a/.../b, /a/.../b",
        "/a/..b, /a/..b",
        "/a%2fb/../c, /c",
        "/a%2f..b/c, /a%2f..b/c",
        "/a.b/c., /a.b/c.",
    })
    void dotSegmentsAreResolvedAndNothingElse(String path, String resolved) {
        assertThat(DotSegments.resolve(path)).isEqualTo(resolved);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/..", "/../etc", "/a/../../b", "/%2e%2e/b", "/a/./../..", "/%2E./"})
    void nobodyClimbsAboveTheRoot(String path) {
        assertThat(DotSegments.resolve(path)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a%2f../b", "/a%2F%2e%2E/b", "/a/..%2fb", "/a\\..\\b", "/a/..%5cb", "/a%5c.", "/..%2f"})
    void whatSomeBackendsTakeForADotSegmentAndOthersDoNotIsRefused(String path) {
        assertThat(DotSegments.resolve(path)).isNull();
    }

    @Test
    void aPathWithoutDotSegmentsIsNotCopied() {
        String path = "/assets/site.css";
        assertThat(DotSegments.resolve(path)).isSameAs(path);
    }
}
