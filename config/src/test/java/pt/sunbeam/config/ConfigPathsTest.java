package pt.sunbeam.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigPathsTest {
    private static final Path CONF = Path.of("/etc/sunbeam/config.conf");
    private static final Path TOML = Path.of("/etc/sunbeam/config.toml");
    private static final Map<String, String> NAMED = Map.of("SUNBEAM_CONFIG", "/srv/env.toml");

    @Test
    void theOptionComesFirstEvenIfItsFileDoesNotExist() {
        assertThat(ConfigPaths.find(Path.of("my.conf"), NAMED, Set.of(CONF)::contains))
                .isEqualTo(new ConfigPaths.Found(Path.of("my.conf")));
    }

    @Test
    void theVariableComesNextEvenIfItsFileDoesNotExist() {
        assertThat(ConfigPaths.find(null, NAMED, Set.of(CONF)::contains))
                .isEqualTo(new ConfigPaths.Found(Path.of("/srv/env.toml")));
    }

    @Test
    void thenComeTheWellKnownPlacesHoconFirst() {
        assertThat(ConfigPaths.find(null, Map.of("SUNBEAM_CONFIG", ""), Set.of(CONF, TOML)::contains))
                .isEqualTo(new ConfigPaths.Found(CONF));
        assertThat(ConfigPaths.find(null, Map.of(), Set.of(TOML)::contains)).isEqualTo(new ConfigPaths.Found(TOML));
    }

    @Test
    void withNoneAllThatWasTriedIsNamed() {
        var outcome = ConfigPaths.find(null, Map.of(), path -> false);
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ConfigPaths.Missing.class,
                        missing -> assertThat(missing.message())
                                .contains("--config", "SUNBEAM_CONFIG", CONF.toString(), TOML.toString()));
    }
}
