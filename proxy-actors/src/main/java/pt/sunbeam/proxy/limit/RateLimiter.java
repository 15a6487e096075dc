package pt.sunbeam.proxy.limit;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import pt.sunbeam.config.RateLimit;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;

/**
 * Admits requests at configured rates, by address and by identity. Thread-safe; a request takes no lock and waits for nobody.
 *
 * <p>A request without a confirmed credential takes from the bucket of its address. One with a confirmed credential takes from the identity's bucket
 * and from a second, larger one of its address, and needs both. A credential (session cookie or bearer token) is confirmed when the upstream
 * has answered 2xx to a request that carried it; an address may confirm so many new ones in a while, so that to make them up gains little.
 *
 * <p>All memory is taken at once. Where no bucket is left, addresses share one with their network, and a new credential stays unconfirmed.
 */
public final class RateLimiter {
    /** The request carries no credential. */
    public static final long NO_CREDENTIAL = Credentials.NONE;

    /** What becomes of a request. */
    public sealed interface Outcome {
        Policy policy();
    }

    /** It may go on; the policy is the one by which it was let in. */
    public record Admitted(Policy policy) implements Outcome {}

    /**
     * It may not, by that policy.
     *
     * @param waitNanos until it would have been admitted, above 0
     */
    public record Refused(Policy policy, long waitNanos) implements Outcome {}

    /** Where times begin: 36 years above 0, so that a clock may go back and they stay above it. */
    private static final long BEGINNING = 1L << 60;

    private final long origin;
    private final Credentials credentials;
    private final Rate identityRate;
    private final BucketTable identities;
    private final AddressBuckets unauthenticated;
    private final AddressBuckets authenticated;
    private final AddressBuckets newIdentities;
    private final Policy identityPolicy;
    private final Policy addressPolicy;
    private final Admitted admittedByAddress;
    private final Admitted admittedByIdentity;
    private final LongAdder unconfirmed = new LongAdder();

    /**
     * @param config of which bypass and observe_only are not looked at
     * @param random for the keys of the hashes: what it gives must not be guessed
     * @param nanos the time now, of the clock from which all other times are
     */
    public RateLimiter(RateLimit config, RandomGenerator random, long nanos) {
        origin = nanos - BEGINNING;
        credentials = new Credentials(config.sessionCookie(), random.longs(4).toArray());
        identityRate = rate(config.authenticated());
        long staleAfter = config.staleAfter().toNanos();
        long bytes = config.tableBytes();
        identities = new BucketTable(bytes / 4, staleAfter, identityRate.filling() + Rate.SLACK);
        unauthenticated = new AddressBuckets(
                rate(config.unauthenticated()), bytes / 2, random.longs(4).toArray());
        authenticated = new AddressBuckets(
                rate(config.address()), bytes / 8, random.longs(4).toArray());
        int most = config.identitiesPerAddress();
        newIdentities = new AddressBuckets(
                new Rate(most, Math.max(1, staleAfter / most)),
                bytes / 8,
                random.longs(4).toArray());
        identityPolicy = new Policy("authenticated", identityRate);
        addressPolicy = new Policy("address", authenticated.rate());
        admittedByIdentity = new Admitted(identityPolicy);
        admittedByAddress = new Admitted(new Policy("unauthenticated", unauthenticated.rate()));
    }

    private static Rate rate(RateLimit.Bucket bucket) {
        return Rate.perSecond(bucket.burst(), bucket.rate());
    }

    /** The keyed hash of the credential that a request carries, or {@link #NO_CREDENTIAL}. */
    public long credential(RequestHead head) {
        return credentials.of(head);
    }

    /** Decides on a request, and charges it to whoever sent it if it is admitted. */
    public Outcome admit(IpAddress client, long credential, long nanos) {
        long now = time(nanos);
        long identity =
                credential == NO_CREDENTIAL ? BucketTable.ABSENT : identities.take(credential, identityRate, now);
        if (identity > 0) {
            return new Refused(identityPolicy, identity);
        }
        if (identity == 0) {
            long wait = authenticated.take(client, now);
            if (wait == 0) {
                return admittedByIdentity;
            }
            identities.giveBack(credential, identityRate);
            return new Refused(addressPolicy, wait);
        }
        long wait = unauthenticated.take(client, now);
        return wait == 0 ? admittedByAddress : new Refused(admittedByAddress.policy, wait);
    }

    /** Hears that the upstream has answered 2xx to a request of that client with that credential. */
    public void confirm(IpAddress client, long credential, long nanos) {
        if (credential == NO_CREDENTIAL || identities.holds(credential)) {
            return;
        }
        long now = time(nanos);
        if (newIdentities.take(client, now) > 0 || !identities.put(credential, now, now)) {
            unconfirmed.increment();
        }
    }

    /** Forgets who has not been seen for long. Takes milliseconds: not for the threads of requests. */
    public void sweep(long nanos) {
        long now = time(nanos);
        identities.sweep(now);
        for (AddressBuckets buckets : addressBuckets()) {
            buckets.sweep(now);
        }
    }

    /** Buckets of addresses in use, of all three kinds. */
    public long trackedAddresses() {
        return addressBuckets().stream().mapToLong(AddressBuckets::tracked).sum();
    }

    /** Credentials that are confirmed. */
    public long trackedIdentities() {
        return identities.used();
    }

    /** Requests so far that were charged to a network, because there was no place for another address. */
    public long sharing() {
        return addressBuckets().stream().mapToLong(AddressBuckets::sharing).sum();
    }

    /** Answers so far that would have confirmed a credential, had its address not confirmed too many or had there been a place for it. */
    public long unconfirmed() {
        return unconfirmed.sum();
    }

    private List<AddressBuckets> addressBuckets() {
        return List.of(unauthenticated, authenticated, newIdentities);
    }

    private long time(long nanos) {
        return nanos - origin;
    }
}
