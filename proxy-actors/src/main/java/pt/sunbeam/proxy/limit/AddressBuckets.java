package pt.sunbeam.proxy.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.LongAdder;
import pt.sunbeam.detector.hash.SipHash;
import pt.sunbeam.detector.http.IpAddress;

/**
 * A bucket for each client address (IPv6: for its /64), in bounded memory. Where there is no place left, newcomers share a bucket with their /24 (IPv6: /48).
 * Thread-safe.
 *
 * <p>Nobody gains by that: a full bucket alone loses its place, and one that is given a place of its own after sharing begins where the shared one stood. So
 * an address never gets more than its rate allows.
 */
final class AddressBuckets {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final ThreadLocal<byte[]> OCTETS = ThreadLocal.withInitial(() -> new byte[16]);

    private final Rate rate;
    private final BucketTable own;
    private final SharedBuckets shared;
    private final SipHash addresses;
    private final SipHash networks;
    private final LongAdder sharing = new LongAdder();

    /**
     * @param bytes of memory, used up at once
     * @param keys the hash keys of addresses and networks, two words each
     */
    AddressBuckets(Rate rate, long bytes, long... keys) {
        this.rate = rate;
        shared = new SharedBuckets(bytes / 8);
        own = new BucketTable(bytes - bytes / 8, 0, rate.filling() + Rate.SLACK);
        addresses = SipHash.forTables(keys[0], keys[1]);
        networks = SipHash.forTables(keys[2], keys[3]);
    }

    /** Takes one request out of the bucket of an address: 0, or the nanoseconds to wait where it is empty. */
    long take(IpAddress client, long now) {
        long key = client.isIpv4() ? hash(addresses, 0, client.low()) : hash(addresses, client.high(), 0);
        long wait = own.take(key, rate, now);
        return wait == BucketTable.ABSENT ? takeForNewcomer(client, key, now) : wait;
    }

    private long takeForNewcomer(IpAddress client, long key, long now) {
        long network = client.isIpv4()
                ? hash(networks, 0, client.low() & ~0xffL)
                : hash(networks, client.high() & ~0xffffL, 0);
        long level = shared.level(network, rate, now);
        long wait = rate.wait(level, now);
        if (own.put(key, wait > 0 ? level : level + rate.interval(), now)) {
            return Math.max(0, wait);
        }
        sharing.increment();
        return shared.take(network, rate, now);
    }

    private static long hash(SipHash hash, long high, long low) {
        byte[] octets = OCTETS.get();
        WORD.set(octets, 0, high);
        WORD.set(octets, 8, low);
        return hash.hash(octets, 0, octets.length);
    }

    void sweep(long now) {
        own.sweep(now);
    }

    /** Addresses with a bucket of their own. */
    long tracked() {
        return own.used();
    }

    /** Requests so far that were charged to a network, for want of a place. */
    long sharing() {
        return sharing.sum();
    }

    Rate rate() {
        return rate;
    }
}
