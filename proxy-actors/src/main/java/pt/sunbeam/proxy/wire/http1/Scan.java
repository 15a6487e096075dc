package pt.sunbeam.proxy.wire.http1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import pt.sunbeam.detector.http.Syntax;

/** Looks through bytes eight at a time (the tests for a zero byte and for one below a bound are those of Anderson, Bit Twiddling Hacks). */
final class Scan {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;

    private Scan() {}

    /** Index of the first LF, or {@code to}. */
    static int lineFeed(byte[] bytes, int from, int to) {
        int at = from;
        while (at + 8 <= to && zeros((long) LONGS.get(bytes, at) ^ ONES * '\n') == 0) {
            at += 8;
        }
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    /** Index of the first byte that may not stand in a field's value, or {@code to}. */
    static int endOfText(byte[] bytes, int from, int to) {
        int at = from;
        while (true) {
            while (at + 8 <= to && isPlain((long) LONGS.get(bytes, at))) {
                at += 8;
            }
            int end = Math.min(at + 8, to);
            while (at < end) {
                if (!Syntax.TEXT.allows(bytes[at])) {
                    return at;
                }
                at++;
            }
            if (at == to) {
                return to;
            }
        }
    }

    /** Whether no byte is below a space or DEL; tab, which is text, is not plain. */
    private static boolean isPlain(long eight) {
        long belowSpace = (eight - ONES * ' ') & ~eight & HIGHS;
        return (belowSpace | zeros(eight ^ ONES * 0x7f)) == 0;
    }

    /** Not 0 where a byte is 0. */
    private static long zeros(long eight) {
        return (eight - ONES) & ~eight & HIGHS;
    }
}
