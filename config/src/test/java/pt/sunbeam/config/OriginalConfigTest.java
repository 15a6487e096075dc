package pt.sunbeam.config;

import static org.assertj.core.api.Assertions.assertThat;
import static pt.sunbeam.config.Reading.faults;
import static pt.sunbeam.config.Reading.loaded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A file of the original that sets each of its keys. */
class OriginalConfigTest {
    private static final Pattern LINE = Pattern.compile("original\\.toml:(\\d+): .*");

    @Test
    void nothingOfItIsUnknownAndWhatIsNotBuiltYetIsNamed() throws IOException {
        assertThat(faults(read(lines())))
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(fault).endsWith("not available yet)"));
    }

    @Test
    void whatIsBuiltOfItMeansTheSame() throws IOException {
        var lines = lines();
        for (String fault : faults(read(lines))) {
            var at = LINE.matcher(fault);
            assertThat(at.matches()).isTrue();
            blank(lines, Integer.parseInt(at.group(1)) - 1);
        }
        var config = loaded(read(lines));
        assertThat(config.routes()).extracting(Route::hostPrefix).containsExactly("docs", "*");
        var docs = config.routes().getFirst();
        assertThat(docs.handling().websocket()).isTrue();
        assertThat(docs.handling().responseHeaders().remove()).containsExactly("server");
        assertThat(docs.paths()).extracting(PathRoute::name).containsExactly("/api", "=/media", "/old", "/moved");
        var media = docs.paths().get(1);
        assertThat(media.handling().pools()).hasSize(2);
        assertThat(media.handling().hostname()).isEqualTo("media.internal");
        assertThat(media.headers())
                .containsExactly(
                        new ValueMatch("x-beta", ValueMatch.Type.EXACT, "1"),
                        new ValueMatch("x-old", ValueMatch.Type.ABSENT, ""),
                        new ValueMatch("x-id", ValueMatch.Type.PRESENT, ""));
        assertThat(docs.paths().get(2).handling().action())
                .isEqualTo(new Action.Redirect(301, "https", "new.example.org", 8443, null, "/new"));
        assertThat(config.ddos().threshold()).isEqualTo(0.6);
        assertThat(config.rateLimit().authenticated().burst()).isEqualTo(200);
        assertThat(config.cluster().tenant()).isEqualTo("5f3c");
    }

    /** The line, or the whole section where it begins one. */
    private static void blank(List<String> lines, int at) {
        boolean section = lines.get(at).startsWith("[");
        lines.set(at, "");
        for (int i = at + 1; section && i < lines.size() && !lines.get(i).startsWith("["); i++) {
            lines.set(i, "");
        }
    }

    private static ConfigReader.Outcome read(List<String> lines) {
        return ConfigReader.readText("original.toml", String.join("\n", lines));
    }

    private static List<String> lines() throws IOException {
        try (var file = Objects.requireNonNull(OriginalConfigTest.class.getResourceAsStream("original.toml"))) {
            return new ArrayList<>(
                    Arrays.asList(new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)));
        }
    }
}
