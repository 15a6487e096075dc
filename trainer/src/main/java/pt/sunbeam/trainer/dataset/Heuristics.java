package pt.sunbeam.trainer.dataset;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlPosition;
import pt.sunbeam.detector.feature.DdosFeatures;
import pt.sunbeam.trainer.read.DataException;

/**
 * Rules of thumb for traffic that nobody labelled, those of the original Rust proxy. They are guesses: what an operator knows is worth more.
 *
 * @param requestRate of a window, requests a second, above which it is an attack
 * @param pathRepetition share of the most frequent path, in [0, 1], above which it is one
 * @param errorRate share of answers of 400 or more, above which it is one
 * @param suspiciousPathRatio share of suspicious paths, above which it is one
 * @param noCookiesThreshold share of requests with cookies, below which many paths make it one
 * @param noCookiesPathCount different paths that are many
 * @param minEvents requests in a window, below which nothing is said about it
 */
public record Heuristics(
        double requestRate,
        double pathRepetition,
        double errorRate,
        double suspiciousPathRatio,
        double noCookiesThreshold,
        double noCookiesPathCount,
        double minEvents) {

    /** Where there is no file. */
    public static final Heuristics STANDARD = new Heuristics(10, 0.85, 0.7, 0.3, 0.05, 20, 10);

    private static final List<String> PROBED =
            List.of(".env", "wp-login", "wp-admin", "phpmyadmin", "cgi-bin", "phpinfo", "/shell", "..%2f", "../");

    /**
     * Reads a flat TOML table; a key that is not there has its standard value.
     *
     * @throws DataException that names line, key, value and expectation of the first fault
     */
    public static Heuristics read(Path path) throws IOException {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("request_rate", 10.0);
        values.put("path_repetition", 0.9);
        values.put("error_rate", 0.7);
        values.put("suspicious_path_ratio", 0.3);
        values.put("no_cookies_threshold", 0.05);
        values.put("no_cookies_path_count", 20.0);
        values.put("min_events", 10.0);
        try {
            var toml = Toml.parse(path);
            if (toml.hasErrors()) {
                var error = toml.errors().getFirst();
                throw new DataException(path, error.position().line(), String.valueOf(error.getMessage()));
            }
            for (var key : new TreeSet<>(toml.keySet())) {
                int line = requirePosition(toml.inputPositionOf(List.of(key)));
                if (!values.containsKey(key)) {
                    throw new DataException(
                            path,
                            line,
                            "unknown key %s (expected: one of %s)".formatted(key, String.join(", ", values.keySet())));
                }
                values.put(key, number(path, line, key, toml.get(List.of(key))));
            }
        } catch (MalformedInputException notUtf8) {
            var fault = new DataException(path, "not UTF-8");
            fault.initCause(notUtf8);
            throw fault;
        }
        var all = new ArrayList<>(values.values());
        return new Heuristics(all.get(0), all.get(1), all.get(2), all.get(3), all.get(4), all.get(5), all.get(6));
    }

    private static int requirePosition(@Nullable TomlPosition position) {
        return position == null ? 0 : position.line();
    }

    private static double number(Path path, int line, String key, @Nullable Object value) throws DataException {
        double number = value instanceof Number n ? n.doubleValue() : -1;
        boolean share = key.endsWith("ratio")
                || key.endsWith("repetition")
                || key.equals("error_rate")
                || key.endsWith("threshold");
        if (!(number >= 0) || number > (share ? 1 : 1e9)) {
            throw new DataException(
                    path, line, "%s: found %s (expected: %s)".formatted(key, value, share ? "0 to 1" : "0 or more"));
        }
        return number;
    }

    /** Whether a window is an attack; null where it is too small to tell. {@code cookiesKnown} is false for logs that keep no cookies. */
    @Nullable
    Boolean isAttack(int events, int[] raw, boolean cookiesKnown) {
        if (events < minEvents) {
            return null;
        }
        return raw[DdosFeatures.REQUEST_RATE] > 1_000 * requestRate
                || raw[DdosFeatures.PATH_REPETITION] > 10_000 * pathRepetition
                || raw[DdosFeatures.ERROR_RATE] > 10_000 * errorRate
                || raw[DdosFeatures.SUSPICIOUS_PATH_RATIO] > 10_000 * suspiciousPathRatio
                || (cookiesKnown
                        && raw[DdosFeatures.COOKIE_RATIO] < 10_000 * noCookiesThreshold
                        && raw[DdosFeatures.UNIQUE_PATHS] > noCookiesPathCount);
    }

    /**
     * Whether a request is an attack; null where nothing can be said.
     *
     * @param personal whether it has what browsers send: cookies, referer and languages, as far as the log keeps them
     */
    static @Nullable Boolean isAttack(int status, String path, boolean personal) {
        if (status >= 404) {
            var lower = path.toLowerCase(Locale.ROOT);
            return PROBED.stream().anyMatch(lower::contains) ? true : null;
        }
        return (status > 0 && status < 400 && personal) ? false : null;
    }
}
