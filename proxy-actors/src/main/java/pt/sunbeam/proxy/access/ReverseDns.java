package pt.sunbeam.proxy.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;
import pt.sunbeam.detector.http.IpAddress;

/**
 * The names of an address that lead back to it: its PTR records (RFC 1035 section 3.5), each confirmed by an A or AAAA record. Whoever owns an address
 * can call it anything; whoever owns the name must agree.
 *
 * <p>Blocks its thread; thread-safe.
 */
public final class ReverseDns {
    private static final int MOST_NAMES = 8;
    private static final Duration LONGEST = Duration.ofSeconds(20); // the resolver's own retries end before

    private final LookupSession session;

    public ReverseDns(Resolver resolver) {
        // No cache of its own: what is asked again is remembered by the one who asks.
        session = LookupSession.builder().resolver(resolver).build();
    }

    /**
     * Lower case, without final dots, at most {@value #MOST_NAMES} names are tried.
     *
     * @throws IllegalStateException if the resolver cannot be asked, or says that it cannot tell
     */
    public List<String> confirmedNames(IpAddress address) {
        InetAddress wanted = inet(address);
        var confirmed = new ArrayList<String>();
        int tried = 0;
        for (Record record : lookup(ReverseMap.fromAddress(wanted), Type.PTR)) {
            if (record instanceof PTRRecord pointer && tried++ < MOST_NAMES) {
                Name name = pointer.getTarget();
                if (leadsTo(name, wanted, address.isIpv4() ? Type.A : Type.AAAA)) {
                    confirmed.add(name.toString(true).toLowerCase(Locale.ROOT));
                }
            }
        }
        return confirmed;
    }

    private boolean leadsTo(Name name, InetAddress wanted, int type) {
        for (Record record : lookup(name, type)) {
            InetAddress found = switch (record) {
                case ARecord a -> a.getAddress();
                case AAAARecord aaaa -> aaaa.getAddress();
                default -> null;
            };
            if (wanted.equals(found)) {
                return true;
            }
        }
        return false;
    }

    private List<Record> lookup(Name name, int type) {
        try {
            return session.lookupAsync(name, type)
                    .toCompletableFuture()
                    .get(LONGEST.toMillis(), TimeUnit.MILLISECONDS)
                    .getRecords();
        } catch (ExecutionException | CompletionException failed) {
            if (failed.getCause() instanceof NoSuchDomainException
                    || failed.getCause() instanceof NoSuchRRSetException) {
                return List.of();
            }
            throw new IllegalStateException(name + ": " + failed.getCause(), failed);
        } catch (TimeoutException late) {
            throw new IllegalStateException(name + ": no answer", late);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(name + ": interrupted", stopped);
        }
    }

    private static InetAddress inet(IpAddress address) {
        byte[] octets = ByteBuffer.allocate(16)
                .putLong(address.high())
                .putLong(address.low())
                .array();
        try {
            return InetAddress.getByAddress(octets); // IPv4 from its mapped form
        } catch (UnknownHostException impossible) {
            throw new AssertionError("16 octets", impossible);
        }
    }
}
