package pt.sunbeam.trainer.traffic;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** Consecutive loopback addresses that traffic comes from; Linux lets a socket have any of 127.0.0.0/8. */
public record Sources(Inet4Address first, int count) {
    /**
     * Names them.
     *
     * @throws IllegalArgumentException if there are none, or not all of them are in 127.0.0.0/8
     */
    public static Sources of(String first, int count) {
        var sources = new Sources(Target.loopback(first), count);
        if (count < 1 || !sources.address(count - 1).isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    "found " + count + " addresses from " + first + " on (expected: one or more, all in 127.0.0.0/8)");
        }
        return sources;
    }

    /** The address of an index; from {@link #count} on they begin anew. */
    InetAddress address(int index) {
        int bits = ByteBuffer.wrap(first.getAddress()).getInt() + index % count;
        try {
            return InetAddress.getByAddress(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bits).array());
        } catch (UnknownHostException impossible) {
            throw new AssertionError("four bytes are an address", impossible);
        }
    }
}
