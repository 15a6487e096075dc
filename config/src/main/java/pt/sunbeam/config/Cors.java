package pt.sunbeam.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.HeaderName;

/**
 * Which pages of other origins may read the answers (Fetch standard, section 3.2).
 *
 * @param allowOrigins in lower case: {@code *}, {@code scheme://host[:port]}, or the same with {@code *.} before the host for all names below it; at least one
 * @param maxAge how long a browser may remember the answer to its preflight request; null leaves it to the browser
 */
public record Cors(
        List<String> allowOrigins,
        List<String> allowMethods,
        List<String> allowHeaders,
        List<String> exposeHeaders,
        @Nullable Duration maxAge,
        boolean allowCredentials) {
    private static final String ORIGIN = "*, or an origin such as https://app.example.org or https://*.example.org";
    private static final Pattern WILDCARD = Pattern.compile("(https?)://\\*\\.(.+)");

    static Cors read(Section cors) {
        cors.require("allow_origins", "a list of origins");
        var origins = cors.list("allow_origins", Cors::origin);
        boolean credentials = cors.flag("allow_credentials", false);
        if (cors.has("allow_origins")
                && cors.list("allow_origins", text -> text).isEmpty()) {
            cors.fault("allow_origins", "at least one origin");
        }
        if (credentials && origins.contains("*")) {
            cors.fault("allow_credentials", "false, or allow_origins without *: a browser refuses both together");
        }
        var methods = cors.list("allow_methods", Methods::parse);
        return new Cors(
                origins,
                methods.isEmpty() ? List.of("GET", "HEAD", "POST") : methods,
                cors.list("allow_headers", Cors::name),
                cors.list("expose_headers", Cors::name),
                cors.has("max_age") ? cors.seconds("max_age", 0, 0, 86_400) : null,
                credentials);
    }

    private static String origin(String text) {
        if (text.equals("*")) {
            return text;
        }
        var lower = text.toLowerCase(Locale.ROOT);
        var wildcard = WILDCARD.matcher(lower);
        var plain = wildcard.matches() ? wildcard.group(1) + "://" + wildcard.group(2) : lower;
        try {
            var uri = new URI(plain);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && plain.equals(uri.getScheme() + "://" + uri.getRawAuthority())) {
                return lower;
            }
        } catch (URISyntaxException malformed) {
            // reported like any other text that is no origin
        }
        throw new IllegalArgumentException(ORIGIN);
    }

    private static String name(String text) {
        try {
            return text.equals("*") ? text : HeaderName.of(text).toString();
        } catch (IllegalArgumentException notToken) {
            throw new IllegalArgumentException("the name of a header field, or *", notToken);
        }
    }
}
