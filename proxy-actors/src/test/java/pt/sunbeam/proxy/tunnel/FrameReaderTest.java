package pt.sunbeam.proxy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames end where RFC 6455 section 5.2 says, however the bytes arrive. */
class FrameReaderTest {
    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theEndsOfFramesAreFoundHoweverTheBytesAreCut(int seed) {
        var random = new SplittableRandom(seed);
        var out = new ByteArrayOutputStream();
        var ends = new TreeSet<Integer>();
        for (int frame = 0; frame <= seed % 12; frame++) {
            out.writeBytes(frame(random, length(random)));
            ends.add(out.size());
        }
        byte[] stream = out.toByteArray();
        var reader = new FrameReader();
        var found = new TreeSet<Integer>();
        for (int at = 0; at < stream.length; ) {
            int cut = Math.min(stream.length, at + 1 + random.nextInt(random.nextBoolean() ? 4 : 70_000));
            var piece = ByteString.fromArray(stream, at, cut - at);
            if (random.nextBoolean()) {
                reader.read(piece);
                at = cut;
            } else {
                at += reader.readToBoundary(piece);
            }
            assertThat(reader.atBoundary()).as("after %d bytes", at).isEqualTo(ends.contains(at));
            if (reader.atBoundary()) {
                found.add(at);
            }
        }
        assertThat(found).isSubsetOf(ends).contains(stream.length);
    }

    @Test
    void aLengthBeyond63BitsIsNoFrameAndNothingBehindItIsBelieved() {
        var reader = new FrameReader();
        reader.read(ByteString.fromArray(new byte[] {(byte) 0x82, 127, -1, -1, -1, -1, -1, -1, -1, -1}));
        reader.read(ByteString.fromArray(new byte[1000]));
        assertThat(reader.atBoundary()).isFalse();
    }

    private static int length(SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> random.nextInt(126);
            case 2 -> 125 + random.nextInt(4);
            case 3 -> 65_533 + random.nextInt(6);
            case 4 -> random.nextInt(2_000);
            default -> random.nextInt(100_000);
        };
    }

    private static byte[] frame(SplittableRandom random, int length) {
        boolean masked = random.nextInt(4) == 0;
        var frame = ByteBuffer.allocate(14 + length).put((byte) random.nextInt(256));
        int mask = masked ? 0x80 : 0;
        if (length < 126) {
            frame.put((byte) (mask | length));
        } else if (length < 65_536 && random.nextInt(8) != 0) {
            frame.put((byte) (mask | 126)).putShort((short) length);
        } else {
            frame.put((byte) (mask | 127)).putLong(length);
        }
        if (masked) {
            frame.putInt(random.nextInt());
        }
        var payload = new byte[length];
        random.nextBytes(payload);
        frame.put(payload).flip();
        var bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }
}
