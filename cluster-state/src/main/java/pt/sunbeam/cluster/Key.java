package pt.sunbeam.cluster;

import java.util.SplittableRandom;
import pt.sunbeam.detector.http.IpAddress;

/**
 * An address or network as a key of hash tables whose content outsiders choose.
 *
 * <p>The hash is seeded per process, so that nobody can pick colliding IPv6 networks; and keys are ordered, so that a
 * {@code java.util} bin that fills up all the same becomes a balanced tree.
 */
record Key(long high, long low) implements Comparable<Key> {
    private static final long SEED = new SplittableRandom().nextLong();

    static Key of(IpAddress address) {
        return new Key(address.high(), address.low());
    }

    @Override
    public int hashCode() {
        return (int) (Shards.mix(Shards.mix(high ^ SEED) ^ low) >>> 32);
    }

    @Override
    public int compareTo(Key other) {
        int byHigh = Long.compare(high, other.high);
        return byHigh != 0 ? byHigh : Long.compare(low, other.low);
    }
}
