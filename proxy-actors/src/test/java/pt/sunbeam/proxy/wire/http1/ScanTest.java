package pt.sunbeam.proxy.wire.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ScanTest {
    private static final int LENGTH = 40;

    /** Each byte there is, at each place among bytes that are looked over, in ranges that begin and end anywhere. */
    @Test
    void theFirstByteThatEndsTextOrALineIsFoundWhereverItStands() {
        for (int value = 0; value < 256; value++) {
            boolean ends = (value < ' ' && value != '\t') || value == 127;
            for (int at = 0; at < LENGTH; at++) {
                var bytes = new byte[LENGTH];
                Arrays.fill(bytes, (byte) (at % 2 == 0 ? 'a' : 0xff));
                bytes[at] = (byte) value;
                for (int from = 0; from < LENGTH; from += 3) {
                    for (int to = from; to <= LENGTH; to += 5) {
                        boolean inside = from <= at && at < to;
                        assertThat(Scan.endOfText(bytes, from, to)).isEqualTo(inside && ends ? at : to);
                        assertThat(Scan.lineFeed(bytes, from, to)).isEqualTo(inside && value == '\n' ? at : to);
                    }
                }
            }
        }
    }
}
