package pt.sunbeam.detector.window;

/** Binary logarithms in steps of 1/1024, at most two too low; from a table, so that all machines agree to the bit. */
final class Octaves {
    static final int UNIT_BITS = 10;
    static final int UNIT = 1 << UNIT_BITS;

    private static final short[] OF_MANTISSA = new short[UNIT];

    static {
        for (int m = 0; m < UNIT; m++) {
            OF_MANTISSA[m] = (short) Math.floor(UNIT * StrictMath.log(1 + m / (double) UNIT) / StrictMath.log(2));
        }
    }

    /** log2 of {@code value}, which is positive. */
    static int of(long value) {
        int exponent = 63 - Long.numberOfLeadingZeros(value);
        long mantissa = exponent <= UNIT_BITS ? value << (UNIT_BITS - exponent) : value >>> (exponent - UNIT_BITS);
        return (exponent << UNIT_BITS) + OF_MANTISSA[(int) mantissa - UNIT];
    }

    private Octaves() {}
}
