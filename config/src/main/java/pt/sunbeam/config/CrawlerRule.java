package pt.sunbeam.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import pt.sunbeam.detector.http.Cidr;

/**
 * A crawler that the scanner detector lets pass: it names itself, and comes from where its operator says that it does. The name alone never suffices, for
 * anyone can write it.
 *
 * @param agent a word of the field User-Agent, lower case; the key keeps the original's name, {@code ua_prefix}, though crawlers write it anywhere
 * @param reason what audit lines and metrics call it
 * @param dnsSuffixes domains, lower case and without dots at their ends: the client's name is one of them or below one, found by a reverse lookup and
 *     confirmed by a forward one
 * @param cidrs blocks that the operator publishes, with those of {@code ranges_file}
 */
public record CrawlerRule(String agent, String reason, List<String> dnsSuffixes, List<Cidr> cidrs) {
    private static final Pattern AGENT = Pattern.compile("[\\x21-\\x7e](?:[\\x20-\\x7e]{0,126}[\\x21-\\x7e])?");
    private static final Pattern REASON = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._:+/-]{0,62}");
    private static final Pattern DOMAIN = Pattern.compile(
            "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?){0,20}");
    private static final int MAX_FILE_BYTES = 4 << 20;

    public CrawlerRule {
        dnsSuffixes = List.copyOf(dnsSuffixes);
        cidrs = List.copyOf(cidrs);
    }

    static CrawlerRule read(Section rule) {
        var agent = rule.required(
                "ua_prefix", "", "a word of the crawler's User-Agent, such as \"Googlebot\"", CrawlerRule::agent);
        var cidrs = new ArrayList<>(rule.list("cidrs", Cidr::parse));
        cidrs.addAll(rule.parsed("ranges_file", List.of(), CrawlerRule::published));
        var suffixes = rule.list("dns_suffixes", CrawlerRule::domain);
        if (!rule.has("cidrs") && !rule.has("ranges_file") && !rule.has("dns_suffixes")) {
            rule.fault("cidrs", "cidrs, ranges_file or dns_suffixes, for a User-Agent alone is what anyone can write");
        }
        return new CrawlerRule(
                agent, rule.parsed("reason", "allowlist:" + agent, CrawlerRule::reason), suffixes, cidrs);
    }

    private static String agent(String text) {
        if (AGENT.matcher(text).matches()) {
            return text.toLowerCase(Locale.ROOT);
        }
        throw new IllegalArgumentException("1 to 128 printable ASCII characters, no space at the ends");
    }

    private static String reason(String text) {
        if (REASON.matcher(text).matches()) {
            return text;
        }
        throw new IllegalArgumentException("1 to 63 letters, digits, spaces and . _ : + / -");
    }

    private static String domain(String text) {
        var domain = text.toLowerCase(Locale.ROOT);
        domain = domain.startsWith(".") ? domain.substring(1) : domain;
        domain = domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
        if (DOMAIN.matcher(domain).matches()) {
            return domain;
        }
        throw new IllegalArgumentException("a domain such as \"googlebot.com\"");
    }

    /** The blocks of a file in the form in which search engines publish theirs: {@code {"prefixes": [{"ipv4Prefix": "…"}, {"ipv6Prefix": "…"}]}}. */
    private static List<Cidr> published(String file) {
        try {
            var path = Path.of(file);
            if (Files.size(path) > MAX_FILE_BYTES) {
                throw new IllegalArgumentException("a file of at most 4 MiB");
            }
            var blocks = new ArrayList<Cidr>();
            for (Config prefix : ConfigFactory.parseString(
                            Files.readString(path),
                            ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON))
                    .getConfigList("prefixes")) {
                for (var key : List.of("ipv4Prefix", "ipv6Prefix")) {
                    if (prefix.hasPath(key)) {
                        blocks.add(Cidr.parse(prefix.getString(key)));
                    }
                }
            }
            return blocks;
        } catch (IOException | ConfigException | UnsupportedOperationException unreadable) {
            throw new IllegalArgumentException(
                    "a readable JSON file {\"prefixes\": [{\"ipv4Prefix\": \"…\"}, …]}; " + firstLine(unreadable),
                    unreadable);
        }
    }

    private static String firstLine(Exception unreadable) {
        return String.valueOf(unreadable).lines().findFirst().orElse("");
    }
}
