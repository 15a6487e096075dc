package pt.sunbeam.config;

import static org.assertj.core.api.Assertions.assertThat;
import static pt.sunbeam.config.Reading.loaded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The files of ours in docs/migrating.md; {@code .ci/migrating} compares what they do with what those of others do. */
class MigratingTest {
    private static final Pattern FILE = Pattern.compile("(?ms)^```(hocon|toml)\n(.*?)^```");

    @Test
    void everyFileLoads() throws IOException {
        var page = Files.readString(Path.of(System.getProperty("basedir", "."), "..", "docs", "migrating.md"));
        var configs = FILE.matcher(page).results().map(MigratingTest::read).toList();
        assertThat(configs)
                .hasSize(4)
                .allSatisfy(config -> assertThat(config.routes()).isNotEmpty());
    }

    private static SunbeamConfig read(MatchResult file) {
        return loaded(ConfigReader.readText(file.group(1).equals("hocon") ? "s.conf" : "s.toml", file.group(2)));
    }
}
