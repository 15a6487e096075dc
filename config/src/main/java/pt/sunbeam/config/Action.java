package pt.sunbeam.config;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.SunbeamConfig.HostPort;

/** What is done with a request that a route or a path takes. */
public sealed interface Action {
    /**
     * It goes to one of these pools, by chance in proportion to their weights.
     *
     * @param shares at least one
     */
    record Forward(List<Share> shares) implements Action {
        public Forward {
            shares = List.copyOf(shares);
        }
    }

    /**
     * A pool's part of the requests.
     *
     * @param weight in proportion to the other shares' weights; 0 takes none
     */
    record Share(Pool pool, int weight) {}

    /**
     * The client is sent elsewhere (RFC 9110 section 15.4). What is null stays as the client asked for it; the query always does.
     *
     * @param port -1 for the one that belongs to the scheme where that is given, else as asked for
     * @param path the whole path
     * @param pathPrefix instead of the prefix that matched
     */
    record Redirect(
            int status,
            @Nullable String scheme,
            @Nullable String hostname,
            int port,
            @Nullable String path,
            @Nullable String pathPrefix)
            implements Action {
        private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);
        private static final String HOSTNAME = "a host name or address, without a port";

        static Redirect read(Section redirect) {
            var read = new Redirect(
                    redirect.count("status_code", 302, 300, 399),
                    text(redirect, "scheme", Redirect::scheme),
                    text(redirect, "hostname", Redirect::host),
                    redirect.has("port") ? redirect.port("port", 80, 1) : -1,
                    text(redirect, "path", Paths::parse),
                    text(redirect, "path_prefix", Paths::parse));
            if (!STATUSES.contains(read.status)) {
                redirect.fault("status_code", "301, 302, 303, 307 or 308");
            }
            if (read.path != null && read.pathPrefix != null) {
                redirect.fault("path_prefix", "path or path_prefix, not both");
            }
            if (read.scheme == null
                    && read.hostname == null
                    && read.port < 0
                    && read.path == null
                    && read.pathPrefix == null) {
                redirect.require(
                        "hostname",
                        "one of scheme, hostname, port, path and path_prefix: else it leads back to itself");
            }
            return read;
        }

        private static @Nullable String text(Section section, String key, Function<String, String> parse) {
            return section.has(key) ? section.parsed(key, "", parse) : null;
        }

        private static String scheme(String text) {
            return switch (text) {
                case "http", "https" -> text;
                default -> throw new IllegalArgumentException("http or https");
            };
        }

        private static String host(String text) {
            return HostPort.bare(text, HOSTNAME);
        }
    }

    /**
     * An answer that stands in the configuration.
     *
     * @param body empty where there is none
     */
    record Respond(int status, String contentType, String body) implements Action {
        private static final int LONGEST = 64 * 1024;
        private static final Pattern MEDIA_TYPE = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+/[ -~]+");

        static Respond read(Section respond) {
            var read = new Respond(
                    respond.count("status", 200, 200, 599),
                    respond.parsed("content_type", "text/plain; charset=utf-8", Respond::mediaType),
                    respond.parsed("body", "", Respond::body));
            boolean empty = read.status == 204 || read.status == 205 || read.status == 304;
            if (empty && !read.body.isEmpty()) {
                respond.fault("body", "nothing: an answer with this status has no content");
            }
            return read;
        }

        private static String mediaType(String text) {
            if (MEDIA_TYPE.matcher(text).matches()) {
                return text;
            }
            throw new IllegalArgumentException("a media type such as text/plain; charset=utf-8");
        }

        private static String body(String text) {
            if (text.length() <= LONGEST) {
                return text;
            }
            throw new IllegalArgumentException("at most " + LONGEST + " characters");
        }
    }

    /** It is refused with 403. */
    record Deny() implements Action {}

    /** The first of deny, redirect and respond that is there, or null. */
    static @Nullable Action ofItsOwn(Section section) {
        boolean denied = section.flag("deny", false);
        var redirect = section.has("redirect") ? Redirect.read(section.section("redirect")) : null;
        var respond = section.has("respond") ? Respond.read(section.section("respond")) : null;
        if (redirect != null && respond != null) {
            section.fault("respond", "redirect or respond, not both");
        }
        return denied ? new Deny() : redirect != null ? redirect : respond;
    }
}
