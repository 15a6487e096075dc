package pt.sunbeam.config;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A cookie that names a backend, signed so that no client can choose one.
 *
 * @param ttl after which the client is free again, or null for the time that its browser is open
 */
public record Sticky(String name, String secret, @Nullable Duration ttl) {
    private static final Pattern SECRET = Pattern.compile("[!-~]{16,256}");
    private static final String EXPECTED = "16 to 256 visible ASCII characters";

    static Sticky read(Section sticky) {
        return new Sticky(
                sticky.parsed("name", "sunbeam_backend", Balancing::token),
                sticky.required("secret", "", EXPECTED, Sticky::secret),
                sticky.has("ttl")
                        ? sticky.duration("ttl", Duration.ZERO, Duration.ofSeconds(1), Duration.ofDays(400))
                        : null);
    }

    private static String secret(String text) {
        if (SECRET.matcher(text).matches()) {
            return text;
        }
        throw new IllegalArgumentException(EXPECTED);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Sticky[name=" + name + ", secret=***, ttl=" + ttl + "]";
    }
}
