package pt.sunbeam.cluster;

import pt.sunbeam.detector.http.IpAddress;

/**
 * Which detector shard an address belongs to: the same on every node and in every process, for it names a place in the cluster.
 *
 * <p>The shard is a hash of the address's network (IPv4 /24, IPv6 /48), so that neighbours meet in one shard: only there can
 * they share an entry when the table is full, and a network that sprays addresses fills the table of one shard of {@value #COUNT}.
 * The hash is the 64-bit finaliser "variant 13" of D. Stafford (used in Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
 * OOPSLA 2014), applied to the upper and then the lower half; its lowest seven bits are the shard.
 */
final class Shards {
    static final int COUNT = 128;

    /** The shard of a {@link IpAddress#detectorKey()}, in [0, {@value #COUNT}). */
    static int of(IpAddress key) {
        IpAddress network = network(key);
        return (int) mix(mix(network.high()) ^ network.low()) & (COUNT - 1);
    }

    /** The first address of the key's /24, or of its /48 for IPv6. */
    static IpAddress network(IpAddress key) {
        return key.network();
    }

    static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    private Shards() {}
}
