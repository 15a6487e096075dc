package pt.sunbeam.proxy.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * Log levels from the environment: {@code info}, or {@code info,pt.sunbeam=debug,kamon=off}; a bare level is that of everything else.
 *
 * <p>{@code SUNBEAM_LOG} is read, else {@code RUST_LOG}, which the original proxy read.
 */
final class LogLevels {
    private LogLevels() {}

    static void apply(Map<String, String> environment) {
        String directives = environment.getOrDefault("SUNBEAM_LOG", environment.getOrDefault("RUST_LOG", ""));
        parse(directives).forEach((name, level) -> {
            if (LoggerFactory.getLogger(name) instanceof Logger logger) {
                logger.setLevel(level);
            }
        });
    }

    /** Levels by logger name; what is not understood is reported and left out. */
    static Map<String, Level> parse(String directives) {
        var levels = new LinkedHashMap<String, Level>();
        for (String directive : directives.split(",", -1)) {
            String text = directive.strip();
            int equals = text.indexOf('=');
            String name = equals < 0 ? org.slf4j.Logger.ROOT_LOGGER_NAME : text.substring(0, equals);
            Level level = Level.toLevel(text.substring(equals + 1), null);
            if (level != null) {
                levels.put(name, level);
            } else if (!text.isEmpty()) {
                LoggerFactory.getLogger(LogLevels.class)
                        .warn(
                                "SUNBEAM_LOG: found {} (expected: LEVEL or LOGGER=LEVEL; off, error, warn, info, debug, trace)",
                                text);
            }
        }
        return levels;
    }
}
