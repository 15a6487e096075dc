package pt.sunbeam.cluster;

import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.window.Event;

/** The form in which rows travel: {@value #STRIDE} longs each, so that recording one allocates nothing and a batch is one array. */
final class Rows {
    static final int STRIDE = 8;

    /** Bits of an event's id that travel; the node's tag stands above them, so that two nodes' ids never meet in one window. */
    static final int ID_BITS = 47;

    private static final long ID_MASK = (1L << ID_BITS) - 1;
    private static final int KIND = 7; // where the kind of a row stands, in the upper half
    private static final long ARRIVAL = 0;
    private static final long RESPONSE = 1;

    static void putArrival(long[] rows, int row, IpAddress key, Event event) {
        int at = row * STRIDE;
        rows[at] = key.high();
        rows[at + 1] = key.low();
        rows[at + 2] = event.id();
        rows[at + 3] = event.timeMillis();
        rows[at + 4] = pair(event.pathHash(), event.hostHash());
        rows[at + 5] = pair(event.agentHash(), event.identityHash());
        rows[at + 6] = pair(event.contentLength(), event.crowd());
        rows[at + KIND] = (ARRIVAL << 32) | event.flags();
    }

    static void putResponse(
            long[] rows,
            int row,
            IpAddress key,
            long timeMillis,
            long eventId,
            int status,
            int durationMillis,
            boolean suspicious) {
        int at = row * STRIDE;
        rows[at] = key.high();
        rows[at + 1] = key.low();
        rows[at + 2] = eventId;
        rows[at + 3] = timeMillis;
        rows[at + 4] = pair(status, durationMillis);
        rows[at + 5] = 0;
        rows[at + 6] = 0;
        rows[at + KIND] = (RESPONSE << 32) | (suspicious ? 1 : 0);
    }

    /** Time of the newest row by the sender's clock. */
    static long newestMillis(long[] rows) {
        long newest = Long.MIN_VALUE;
        for (int at = 0; at < rows.length; at += STRIDE) {
            newest = Math.max(newest, rows[at + 3]);
        }
        return newest;
    }

    static int count(long[] rows) {
        return rows.length / STRIDE;
    }

    /**
     * Reads a row back.
     *
     * @param node tag of the sending node, in [0, 65536)
     * @param clockOffset what to add to the sender's clock to have the reader's, milliseconds
     */
    static Row get(long[] rows, int row, int node, long clockOffset) {
        int at = row * STRIDE;
        IpAddress key = new IpAddress(rows[at], rows[at + 1]);
        long id = ((long) node << ID_BITS) | (rows[at + 2] & ID_MASK);
        if (rows[at + KIND] >>> 32 == RESPONSE) {
            return new Row.Response(
                    key,
                    rows[at + 3] + clockOffset,
                    id,
                    upper(rows[at + 4]),
                    lower(rows[at + 4]),
                    lower(rows[at + KIND]) != 0);
        }
        return new Row.Arrival(
                key,
                new Event(
                        id,
                        rows[at + 3] + clockOffset,
                        upper(rows[at + 4]),
                        lower(rows[at + 4]),
                        upper(rows[at + 5]),
                        lower(rows[at + 5]),
                        upper(rows[at + 6]),
                        lower(rows[at + KIND]),
                        lower(rows[at + 6])));
    }

    private static long pair(int upper, int lower) {
        return ((long) upper << 32) | (lower & 0xffffffffL);
    }

    private static int upper(long pair) {
        return (int) (pair >> 32);
    }

    private static int lower(long pair) {
        return (int) pair;
    }

    private Rows() {}
}
