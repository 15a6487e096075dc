package pt.sunbeam.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is reported, and where.
 *
 * @param metricsPort on all addresses; 0 moves /health and /ready to the admin listener and switches /metrics off
 * @param traces null where none are sent
 */
public record Telemetry(int metricsPort, @Nullable Traces traces) {
    static Telemetry read(Section telemetry) {
        return new Telemetry(telemetry.port("metrics_port", 9090, 0), Traces.read(telemetry));
    }

    /**
     * Spans for a collector that speaks OTLP/HTTP.
     *
     * @param endpoint where it takes spans, the path {@code /v1/traces} included
     * @param headers fields of each request to it, by name in lower case; their values are secrets
     * @param sample share of the requests that get spans, in [0, 1], where no trusted peer has decided that
     * @param serviceName by which the collector knows this proxy
     */
    public record Traces(URI endpoint, Map<String, String> headers, double sample, String serviceName) {
        private static final String NOWHERE = "";
        private static final String ENDPOINT =
                "http://host:port or https://host:port of an OTLP/HTTP collector, with or without a path, to which /v1/traces is added";
        private static final String HEADER = "\"name: value\" of a header field, each name once";
        private static final String NAME = "a name of 1 to 255 visible characters";
        private static final int NAME_LENGTH = 255;
        private static final Pattern FIELD =
                Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}):[ \t]*([!-~][ -~]{0,8191})");

        /** What the client that sends them writes itself. */
        private static final Set<String> NOT_OURS = Set.of(
                "connection",
                "content-encoding",
                "content-length",
                "content-type",
                "expect",
                "host",
                "transfer-encoding",
                "upgrade");

        static @Nullable Traces read(Section telemetry) {
            String endpoint = telemetry.parsed("otlp_endpoint", NOWHERE, Traces::endpoint);
            var fields = telemetry.list("otlp_headers", Traces::field);
            var headers = new LinkedHashMap<String, String>();
            for (var field : fields) {
                if (headers.putIfAbsent(field.getKey(), field.getValue()) != null) {
                    telemetry.fault("otlp_headers", HEADER);
                }
            }
            double sample = telemetry.share("trace_sample", 1);
            String name = telemetry.parsed("service_name", "sunbeam", Traces::name);
            return endpoint.isEmpty() ? null : new Traces(URI.create(endpoint), Map.copyOf(headers), sample, name);
        }

        /** With the path; empty for none. */
        private static String endpoint(String text) {
            if (text.isEmpty()) {
                return NOWHERE;
            }
            try {
                var uri = new URI(text);
                if (uri.getRawUserInfo() != null) {
                    throw new IllegalArgumentException(
                            ENDPOINT + "; without user information, which belongs into telemetry.otlp_headers");
                }
                String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
                boolean bare = uri.getRawQuery() == null && uri.getRawFragment() == null;
                String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("/+$", "");
                if (List.of("http", "https").contains(scheme)
                        && bare
                        && uri.getHost() != null
                        && uri.getPort() != 0
                        && uri.getPort() <= 65_535
                        && !path.endsWith("/v1/traces")) {
                    return scheme + "://" + uri.getRawAuthority() + path + "/v1/traces";
                }
            } catch (URISyntaxException malformed) {
                // reported like any other text that is no such URL
            }
            throw new IllegalArgumentException(ENDPOINT);
        }

        private static Map.Entry<String, String> field(String text) {
            var parts = FIELD.matcher(text);
            if (parts.matches()) {
                String name = parts.group(1).toLowerCase(Locale.ROOT);
                if (!NOT_OURS.contains(name)) {
                    return Map.entry(name, parts.group(2).strip());
                }
            }
            throw new IllegalArgumentException(HEADER);
        }

        private static String name(String text) {
            if (!text.isBlank() && text.length() <= NAME_LENGTH && text.chars().noneMatch(Character::isISOControl)) {
                return text;
            }
            throw new IllegalArgumentException(NAME);
        }

        /** Without the values of the headers. */
        @Override
        public String toString() {
            return "Traces[endpoint=%s, headers=%s, sample=%s, serviceName=%s]"
                    .formatted(endpoint, headers.keySet(), sample, serviceName);
        }
    }
}
