package pt.sunbeam.detector.hash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SipHashTest {
    private static final long KEY_0 = 0x0706050403020100L;
    private static final long KEY_1 = 0x0f0e0d0c0b0a0908L;

    /** Published vectors of SipHash-2-4: key 00..0f, message 00, 01, 02, ... of the given length; 15 is the paper's own. */
    @ParameterizedTest
    @CsvSource({"0, 726fdb47dd0e0e31", "1, 74f839c593dc67fd", "8, 93f5f5799a932462", "15, a129ca6149be45e5"})
    void thePublishedVectorsHold(int length, String hash) {
        assertThat(SipHash.forOutput(KEY_0, KEY_1).hash(message(length + 5), 2, length + 2))
                .isEqualTo(Long.parseUnsignedLong(hash, 16));
    }

    private static byte[] message(int length) {
        byte[] message = new byte[length];
        for (int i = 2; i < length; i++) {
            message[i] = (byte) (i - 2);
        }
        return message;
    }

    @Test
    void eachByteLengthAndKeyBitChangesTheShortHash() {
        Set<Integer> hashes = new HashSet<>();
        int tried = 0;
        for (int bit = 0; bit < 64; bit++) {
            hashes.add((int) SipHash.forTables(KEY_0 ^ 1L << bit, KEY_1).hash(message(20), 2, 20));
            hashes.add((int) SipHash.forTables(KEY_0, KEY_1 ^ 1L << bit).hash(message(20), 2, 20));
            tried += 2;
        }
        for (int length = 0; length < 40; length++) {
            hashes.add((int) SipHash.forTables(KEY_0, KEY_1).hash(new byte[40], 0, length));
            byte[] one = new byte[40];
            one[length] = 1;
            hashes.add((int) SipHash.forTables(KEY_0, KEY_1).hash(one, 0, 40));
            tried += 2;
        }
        assertThat(hashes).hasSize(tried);
    }
}
