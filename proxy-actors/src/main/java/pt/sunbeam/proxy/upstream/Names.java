package pt.sunbeam.proxy.upstream;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;
import pt.sunbeam.config.Dns;

/** From names to addresses: by the hosts file, then by DNS (RFC 1035) with the system's search path. Blocks nobody; thread-safe. */
final class Names {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MOST_ADDRESSES = 64;
    private static final Duration LONGEST = Duration.ofSeconds(20); // the resolver's own retries end before

    private final Dns rules;
    private final LookupSession session;

    /**
     * What a name stands for.
     *
     * @param addresses each once, in an order that does not change by itself
     * @param ttl within the configured bounds
     */
    record Answer(List<InetAddress> addresses, Duration ttl) {}

    Names(Dns rules) {
        this.rules = rules;
        ResolverConfig.refresh();
        var system = ResolverConfig.getCurrentConfig();
        session = LookupSession.builder()
                .resolver(resolver(rules))
                .defaultHostsFileParser()
                .ndots(system.ndots())
                .searchPath(system.searchPath())
                .build();
    }

    private static Resolver resolver(Dns rules) {
        return rules.resolvers().isEmpty()
                ? new ExtendedResolver()
                : new ExtendedResolver(rules.resolvers().stream()
                        .<Resolver>map(at ->
                                new SimpleResolver(new InetSocketAddress(InetAddress.ofLiteral(at.host()), at.port())))
                        .toList());
    }

    /** No addresses where there is no such name; fails where nobody can tell. */
    CompletionStage<Answer> lookup(String host) {
        if (host.equalsIgnoreCase("localhost")) { // RFC 6761 section 6.3: nobody is asked
            return CompletableFuture.completedStage(
                    new Answer(List.of(InetAddress.ofLiteral(LOOPBACK)), rules.maxTtl()));
        }
        Name name;
        try {
            name = Name.fromString(host);
        } catch (TextParseException malformed) {
            return CompletableFuture.failedStage(malformed);
        }
        return switch (rules.family()) {
            case IPV4_FIRST -> firstOf(name, Type.A, Type.AAAA);
            case IPV6_FIRST -> firstOf(name, Type.AAAA, Type.A);
            case ALL ->
                records(name, Type.A).thenCombine(records(name, Type.AAAA), (four, six) -> {
                    var all = new ArrayList<>(four);
                    all.addAll(six);
                    return answer(all);
                });
        };
    }

    private CompletionStage<Answer> firstOf(Name name, int type, int otherwise) {
        return records(name, type)
                .thenCompose(
                        found -> found.isEmpty() ? records(name, otherwise) : CompletableFuture.completedStage(found))
                .thenApply(this::answer);
    }

    private CompletionStage<List<Record>> records(Name name, int type) {
        return session.lookupAsync(name, type)
                .toCompletableFuture()
                .orTimeout(LONGEST.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(found -> List.copyOf(found.getRecords()))
                .exceptionallyCompose(failure -> {
                    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                    return cause instanceof NoSuchDomainException || cause instanceof NoSuchRRSetException
                            ? CompletableFuture.completedStage(List.of())
                            : CompletableFuture.failedStage(cause);
                });
    }

    private Answer answer(List<Record> records) {
        var addresses = new ArrayList<InetAddress>();
        long seconds = Long.MAX_VALUE;
        for (Record record : records) {
            InetAddress address = switch (record) {
                case ARecord a -> a.getAddress();
                case AAAARecord aaaa -> aaaa.getAddress();
                default -> null;
            };
            if (address != null && !addresses.contains(address) && addresses.size() < MOST_ADDRESSES) {
                addresses.add(address);
                seconds = Math.min(seconds, record.getTTL());
            }
        }
        addresses.sort((one, other) -> Arrays.compareUnsigned(one.getAddress(), other.getAddress()));
        var ttl = Duration.ofSeconds(Math.min(seconds, rules.maxTtl().toSeconds() + 1));
        return new Answer(List.copyOf(addresses), within(ttl, rules.minTtl(), rules.maxTtl()));
    }

    private static Duration within(Duration time, Duration min, Duration max) {
        return time.compareTo(min) < 0 ? min : time.compareTo(max) > 0 ? max : time;
    }
}
