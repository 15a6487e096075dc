package pt.sunbeam.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Every key there is. A key is built, and then {@link SunbeamConfig} reads it; or it is not built yet, or removed, and
 * then to set it is a fault: a proxy that passes over a line of its configuration is not the proxy that was asked for.
 * In the names, {@code []} stands for each item of a list.
 */
final class Vocabulary {
    /** What may be set of a key that is not built yet, because it asks for nothing. */
    enum Harmless {
        NOTHING("nothing"),
        OFF("false"),
        EMPTY("empty");

        private final String text;

        Harmless(String text) {
            this.text = text;
        }

        private boolean accepts(ConfigValue value) {
            return switch (value.valueType()) {
                case NULL -> true;
                case OBJECT -> this == OFF && isFalse(((ConfigObject) value).toConfig(), "enabled");
                case LIST -> this == EMPTY && ((ConfigList) value).isEmpty();
                case STRING, NUMBER, BOOLEAN ->
                    switch (this) {
                        case NOTHING -> false;
                        case OFF -> isFalse(value.atKey("switch"), "switch");
                        case EMPTY -> "".equals(value.unwrapped());
                    };
            };
        }

        private static boolean isFalse(Config config, String key) {
            try {
                return config.hasPath(key) && !config.getBoolean(key);
            } catch (ConfigException notASwitch) {
                return false;
            }
        }
    }

    sealed interface Status {}

    /** Holds other keys, or is a list of what does. */
    record Section(boolean list) implements Status {}

    record Built() implements Status {}

    record NotYet(Harmless harmless) implements Status {}

    record Removed(String advice) implements Status {}

    private static final Map<String, Status> KEYS = new LinkedHashMap<>();

    static {
        built("", "trusted_proxy_cidrs x_forwarded_for proxy_protocol engine state_dir");
        notYet("", Harmless.NOTHING, "tls ssh kubernetes detection");
        notYet("", Harmless.OFF, "gateway learning cache compression");
        notYet("", Harmless.EMPTY, "tcp tls_passthrough");

        built("listen", "http reuse_port");
        notYet("listen", Harmless.EMPTY, "https extra_http");

        built("telemetry", "metrics_port otlp_endpoint otlp_headers trace_sample service_name");

        built("routes[]", "host_prefix disable_secure_redirection");
        notYet("routes[]", Harmless.OFF, "cache gateway_api");
        notYet("routes[]", Harmless.EMPTY, "static_root fallback rewrites body_rewrites listener_hostname");
        handling("routes[]");

        built("routes[].paths[]", "prefix regex path_match_exact methods rule_order");
        built("routes[].paths[]", "strip_prefix path_rewrite_full upstream_path_prefix");
        built("routes[].paths[].header_matches[]", "name type value");
        built("routes[].paths[].query_param_matches[]", "name type value");
        notYet("routes[].paths[]", Harmless.OFF, "gateway_api_unprogrammed");
        notYet("routes[].paths[]", Harmless.EMPTY, "auth_request auth_capture_headers");
        handling("routes[].paths[]");

        built("ddos", "enabled mode threshold window_secs window_capacity min_events max_tracked observe_only");
        built("ddos.escalation", "observe throttle block longest_block forgive");
        built("ddos.escalation.throttled", "burst rate");
        removed("ddos", "model_path", "delete the line: the model is part of the program");
        removed("ddos", "k use_ensemble", "delete the line: the detector it tuned is gone");

        built("scanner", "enabled mode threshold observe_only bot_cache_ttl_secs");
        built("scanner", "body_hold_bytes body_inspect_bytes on_oversize");
        built("scanner.allowlist[]", "ua_prefix reason dns_suffixes cidrs ranges_file");
        built("scanner.short_circuits", "host_cookies host_browser");
        built("scanner.exceptions[]", "route place name channel");
        removed("scanner", "model_path", "delete the line: the model is part of the program");
        removed("scanner", "poll_interval_secs", "delete the line: there is no model file to look after");

        built("rate_limit", "enabled observe_only bypass_cidrs session_cookie identities_per_address");
        built("rate_limit", "table_bytes eviction_interval_secs stale_after_secs");
        built("rate_limit.authenticated", "burst rate");
        built("rate_limit.unauthenticated", "burst rate");
        built("rate_limit.address", "burst rate");

        built(
                "limits",
                "max_connections max_connections_per_ip header_bytes header_count uri_bytes body_bytes idle_timeout");
        built("limits", "max_tunnels tunnel_idle_timeout");
        notYet("limits", Harmless.NOTHING, "header_timeout min_body_rate");

        built("upstream", "connect_timeout response_timeout idle_timeout max_connections_per_host max_pending");
        built("upstream", "retries retry_budget panic_threshold slow_start");
        built("upstream.ejection", "consecutive_failures base_time max_time");
        built("upstream.dns", "resolvers min_ttl max_ttl family");
        built("shutdown", "drain announce");

        built("cluster", "enabled tenant host port management_port");
        built("cluster.discovery", "method");
        notYet("cluster.discovery", Harmless.EMPTY, "bootstrap_peers headless_service");
        notYet("cluster", Harmless.NOTHING, "gossip_port key_path bandwidth models tls");

        built("audit", "path keep_values feature_sample pseudonymise");
        built("audit", "rotate_bytes rotate_every keep_files keep_for compress");

        built("admin", "listen token");
    }

    /** What routes and paths have in common. */
    private static void handling(String section) {
        built(
                section,
                "backend send_proxy_protocol websocket deny hostname_rewrite body_bytes mirror_backends mirror_share");
        built(section, "timeout_secs");
        built(section + ".backends[]", "backend weight");
        built(section + ".weighted_backends[]", "backend send_proxy_protocol weight");
        built(section + ".load_balancing", "policy hash_on");
        built(section + ".load_balancing.sticky_cookie", "name secret ttl");
        built(section + ".health_check", "path interval timeout healthy_threshold unhealthy_threshold");
        built(section + ".health_check", "expected_statuses");
        built(section + ".timeouts", "connect first_byte idle total");
        built(section + ".circuit_breaker", "failure_share min_requests window open trials");
        built(section + ".upstream_tls", "verify ca server_name certificate key");
        built(section + ".redirect", "status_code scheme hostname port path path_prefix");
        built(section + ".respond", "status content_type body");
        built(section, "request_headers_remove response_headers_remove");
        for (String list :
                List.of("request_headers", "request_headers_add", "response_headers", "response_headers_add")) {
            built(section + "." + list + "[]", "name value");
        }
        built(section + ".cors", "allow_origins allow_methods allow_headers expose_headers max_age allow_credentials");
    }

    private static void built(String section, String keys) {
        put(section, keys, new Built());
    }

    private static void notYet(String section, Harmless harmless, String keys) {
        put(section, keys, new NotYet(harmless));
    }

    private static void removed(String section, String keys, String advice) {
        put(section, keys, new Removed(advice));
    }

    private static void put(String section, String keys, Status status) {
        for (var above = section; !above.isEmpty(); above = parent(above)) {
            boolean list = above.endsWith("[]");
            KEYS.putIfAbsent(list ? above.substring(0, above.length() - 2) : above, new Section(list));
        }
        Arrays.stream(keys.split(" ")).forEach(key -> KEYS.put(join(section, key), status));
    }

    /** Every key with its status, sections included. */
    static Map<String, Status> keys() {
        return Collections.unmodifiableMap(KEYS);
    }

    /** Reports each key of the tree that is unknown, removed, or asks for something that is not built yet. */
    static void check(ConfigObject tree, Faults faults) {
        check("", "", tree, faults);
    }

    private static void check(String name, String path, ConfigObject section, Faults faults) {
        section.forEach((key, value) -> {
            // quoted where it is no plain word, so that "listen.http" in quotes is not taken for http in listen
            var word = ConfigUtil.joinPath(key);
            check(join(name, word), join(path, word), value, faults);
        });
    }

    private static void check(String name, String path, ConfigValue value, Faults faults) {
        var place = Place.of(value.origin());
        switch (KEYS.get(name)) {
            case null -> faults.add(place, path, "an unknown key", () -> "did you mean " + nearest(name) + "?");
            case Section(var list) when list -> checkItems(name, path, value, faults);
            case Section _ when value instanceof ConfigObject section -> check(name, path, section, faults);
            // reported where it is read
            case Section _ -> {}
            case Built() -> {}
            case NotYet(var harmless) when harmless.accepts(value) -> {}
            case NotYet(var harmless) ->
                faults.add(place, path, Shown.value(path, value), harmless.text + "; not available yet");
            case Removed(var advice) ->
                faults.add(place, path, Shown.value(path, value), "nothing; removed, " + advice);
        }
    }

    private static void checkItems(String name, String path, ConfigValue value, Faults faults) {
        if (value instanceof ConfigList items) {
            for (int i = 0; i < items.size(); i++) {
                if (items.get(i) instanceof ConfigObject item) {
                    check(name + "[]", path + "[" + i + "]", item, faults);
                }
            }
        }
    }

    /** The known key that is fewest edits away; another section counts as one more. */
    static String nearest(String unknown) {
        return KEYS.entrySet().stream()
                .filter(entry -> !(entry.getValue() instanceof Removed))
                .map(Map.Entry::getKey)
                .min(Comparator.comparingInt(known -> distance(unknown, known)))
                .orElseThrow();
    }

    private static int distance(String unknown, String known) {
        int elsewhere = parent(unknown).equals(parent(known)) ? 0 : 1;
        return elsewhere + edits(word(unknown), word(known));
    }

    /** Levenshtein's distance, of the first 64 letters. */
    private static int edits(String from, String to) {
        int length = Math.min(from.length(), 64);
        var row = new int[to.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= length; i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }

    private static String join(String section, String key) {
        return section.isEmpty() ? key : section + "." + key;
    }

    private static String parent(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    private static String word(String name) {
        return name.substring(name.lastIndexOf('.') + 1)
                .toLowerCase(Locale.ROOT)
                .replace('-', '_');
    }

    private Vocabulary() {}
}
