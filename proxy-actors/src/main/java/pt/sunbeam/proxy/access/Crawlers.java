package pt.sunbeam.proxy.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.CrawlerRule;
import pt.sunbeam.detector.http.Ascii;
import pt.sunbeam.detector.http.Cidr;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;

/**
 * Which clients are the crawlers that they say they are: by their operators' published ranges, or by forward-confirmed reverse DNS.
 *
 * <p>A request never waits: while a name is being looked up, its client counts as unverified. Thread-safe.
 */
public final class Crawlers {
    private static final int REMEMBERED = 50_000;
    private static final Duration UNKNOWN_AGAIN_AFTER = Duration.ofMinutes(5);

    /** What is known of an address. */
    private sealed interface Known {
        record Asked() implements Known {}

        record Names(List<String> confirmed) implements Known {}

        record NotFound() implements Known {}
    }

    private static final Known ASKED = new Known.Asked();
    private static final Known NOT_FOUND = new Known.NotFound();

    private static final class Compiled {
        final byte[] agent;
        final CrawlerRule rule;

        Compiled(CrawlerRule rule) {
            agent = Ascii.pattern(rule.agent());
            this.rule = rule;
        }
    }

    private final List<Compiled> rules;
    private final Function<IpAddress, List<String>> confirmedNames;
    private final Executor lookups;
    private final Cache<IpAddress, Known> known;

    /**
     * @param confirmedNames the names of an address that lead back to it, lower case, without final dots; may take its time; empty where there are none;
     *     throws where the question could not be asked
     * @param lookups runs the lookups, and may refuse with RejectedExecutionException
     * @param ttl how long an answer is believed
     */
    public Crawlers(
            List<CrawlerRule> rules, Function<IpAddress, List<String>> confirmedNames, Executor lookups, Duration ttl) {
        this.rules = rules.stream().map(Compiled::new).toList();
        this.confirmedNames = confirmedNames;
        this.lookups = lookups;
        Duration retry = ttl.compareTo(UNKNOWN_AGAIN_AFTER) < 0 ? ttl : UNKNOWN_AGAIN_AFTER;
        known = Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfter(Expiry.writing((IpAddress _, Known answer) -> answer instanceof Known.Names ? ttl : retry))
                .build();
    }

    /** The reason of the rule that lets the client pass, or null. */
    public @Nullable String verify(RequestHead head, IpAddress client) {
        if (rules.isEmpty()) {
            return null;
        }
        int field = head.find(HeaderName.USER_AGENT, 0);
        if (field < 0) {
            return null;
        }
        int from = head.valueStart(field);
        int to = head.valueEnd(field);
        for (Compiled compiled : rules) {
            if (containsWord(head.bytes(), from, to, compiled.agent) && comesFrom(compiled.rule, client)) {
                return compiled.rule.reason();
            }
        }
        return null;
    }

    private boolean comesFrom(CrawlerRule rule, IpAddress client) {
        for (Cidr block : rule.cidrs()) {
            if (block.contains(client)) {
                return true;
            }
        }
        if (rule.dnsSuffixes().isEmpty()) {
            return false;
        }
        return switch (known.getIfPresent(client)) {
            case Known.Names(var names) -> names.stream().anyMatch(name -> isBelow(name, rule.dnsSuffixes()));
            case Known.Asked _, Known.NotFound _ -> false;
            case null -> {
                ask(client);
                yield false;
            }
        };
    }

    private void ask(IpAddress client) {
        if (known.asMap().putIfAbsent(client, ASKED) != null) {
            return;
        }
        try {
            lookups.execute(() -> {
                Known answer = NOT_FOUND;
                try {
                    var names = confirmedNames.apply(client);
                    answer = names.isEmpty() ? NOT_FOUND : new Known.Names(List.copyOf(names));
                } finally {
                    known.put(client, answer);
                }
            });
        } catch (RejectedExecutionException full) {
            known.invalidate(client); // the client's next request asks again
        }
    }

    private static boolean isBelow(String name, List<String> domains) {
        for (String domain : domains) {
            if (name.endsWith(domain)
                    && (name.length() == domain.length() || name.charAt(name.length() - domain.length() - 1) == '.')) {
                return true;
            }
        }
        return false;
    }

    /** Whether the word stands there with no letter or digit beside it. */
    private static boolean containsWord(byte[] bytes, int from, int to, byte[] word) {
        for (int i = from; i <= to - word.length; i++) {
            if (Ascii.startsWith(bytes, i, to, word)
                    && (i == from || !isWordCharacter(bytes[i - 1]))
                    && (i + word.length == to || !isWordCharacter(bytes[i + word.length]))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWordCharacter(byte b) {
        byte c = Ascii.lower(b);
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    }
}
