package pt.sunbeam.detector.window;

import static pt.sunbeam.detector.feature.AddressFeatures.ASSET_RATIO;
import static pt.sunbeam.detector.feature.AddressFeatures.DENIED_RATIO;
import static pt.sunbeam.detector.feature.AddressFeatures.GAP_SPREAD;
import static pt.sunbeam.detector.feature.AddressFeatures.IDENTITIES;
import static pt.sunbeam.detector.feature.AddressFeatures.MISSED_PATHS;
import static pt.sunbeam.detector.feature.AddressFeatures.NETWORK_LOAD;
import static pt.sunbeam.detector.feature.AddressFeatures.SCANNER_RATIO;
import static pt.sunbeam.detector.feature.AddressFeatures.SURGE;
import static pt.sunbeam.detector.feature.DdosFeatures.ACCEPT_LANGUAGE_RATIO;
import static pt.sunbeam.detector.feature.DdosFeatures.AVG_CONTENT_LENGTH;
import static pt.sunbeam.detector.feature.DdosFeatures.AVG_DURATION_MS;
import static pt.sunbeam.detector.feature.DdosFeatures.BURST_SCORE;
import static pt.sunbeam.detector.feature.DdosFeatures.COOKIE_RATIO;
import static pt.sunbeam.detector.feature.DdosFeatures.ERROR_RATE;
import static pt.sunbeam.detector.feature.DdosFeatures.METHOD_ENTROPY;
import static pt.sunbeam.detector.feature.DdosFeatures.PATH_REPETITION;
import static pt.sunbeam.detector.feature.DdosFeatures.REFERER_RATIO;
import static pt.sunbeam.detector.feature.DdosFeatures.REQUEST_RATE;
import static pt.sunbeam.detector.feature.DdosFeatures.SUSPICIOUS_PATH_RATIO;
import static pt.sunbeam.detector.feature.DdosFeatures.UNIQUE_HOSTS;
import static pt.sunbeam.detector.feature.DdosFeatures.UNIQUE_PATHS;
import static pt.sunbeam.detector.feature.DdosFeatures.UNIQUE_USER_AGENTS;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.feature.DdosFeatures;

/**
 * The last requests of one address: at most {@code capacity} of them, none older than {@code windowMillis}, and the sums over them.
 *
 * <p>Not thread-safe: it belongs to one actor. All operations but {@code respond} are amortised O(1); nothing is allocated once grown.
 *
 * <p>Events of several nodes may come slightly out of order. One that is older than the newest in the window counts as if it had come with that one:
 * so the order of arrival is the order of time, and a late event lives a little longer rather than being lost.
 */
public final class SlidingWindow {
    // Most addresses send a few requests and go. So a window starts as one small array, which grows by one event at a
    // time and which features() scans; counts and maps come with the tenth, from which on an address is judged where
    // nothing else is configured. They stay once there: the owner drops the whole window of an address that has gone
    // quiet.
    private static final int SCANNED = 9;

    // The ring: STRIDE ints for each event. The time is its low 32 bits: an event is never further than windowMillis,
    // an int, from the newest.
    private static final int TIME = 0, ID_LOW = 1, ID_HIGH = 2, PATH = 3, HOST = 4, AGENT = 5, IDENTITY = 6, LENGTH = 7;
    private static final int DURATION = 8, ABOUT = 9;
    private static final int STRIDE = 10;

    // ABOUT: the event's flags, what came of it, and from CROWD_SHIFT on what the crowd did.
    private static final int ERROR = 1 << 8, DENIED = 1 << 9, REFUSED_BY_SCANNER = 1 << 10, MISSED = 1 << 11;
    private static final int OF_RESPONSE = ERROR | DENIED | REFUSED_BY_SCANNER | MISSED;
    private static final int CROWD_SHIFT = 16;

    /** Bits of ABOUT that are counted, from MARK_SHIFT on, and the shares that the counts become. */
    private static final int[] SHARES = {
        COOKIE_RATIO,
        REFERER_RATIO,
        ACCEPT_LANGUAGE_RATIO,
        SUSPICIOUS_PATH_RATIO,
        ASSET_RATIO,
        ERROR_RATE,
        DENIED_RATIO,
        SCANNER_RATIO
    };

    static final int MARKS = SHARES.length;
    private static final int MARK_SHIFT = 3;

    private static final int RATIO_UNIT = 10_000;
    private static final double CROWD_UNIT = 1_000.0 / Crowds.OCTAVE;
    private static final double SPREAD_UNIT = 1_000.0 / Octaves.UNIT;

    /** Half a unit and as much as a product with a rounded reciprocal may lack: a share of at most 2^24 events is rounded as if by division. */
    private static final double HALF = 0.5 + 0x1p-30;

    /** k ln k in steps of 2^-20; StrictMath, so that all machines agree to the bit. */
    private static final long[] K_LOG_K = new long[1025];

    private static final int LOG_BITS = 20;

    static {
        for (int k = 1; k < K_LOG_K.length; k++) {
            K_LOG_K[k] = computeKLogK(k);
        }
    }

    private final int windowMillis;
    private final int capacity;
    private int[] ring = new int[STRIDE];
    private int head;
    private int size;
    private long newestMillis;
    private @Nullable Tally tally;

    /** Throws IllegalArgumentException unless both are positive and {@code capacity} is at most 2^24. */
    public SlidingWindow(int windowMillis, int capacity) {
        if (windowMillis <= 0 || capacity <= 0 || capacity > 1 << 24) {
            throw new IllegalArgumentException("a window of %d ms and %d events".formatted(windowMillis, capacity));
        }
        this.windowMillis = windowMillis;
        this.capacity = capacity;
    }

    /** Adds an event and drops what it makes too old or too much. */
    public void add(Event event) {
        long time = size == 0 ? event.timeMillis() : Math.max(event.timeMillis(), newestMillis);
        evict(time);
        if (size == capacity) {
            removeOldest();
        } else if (size * STRIDE == ring.length) {
            grow();
        }
        if (size == SCANNED && tally == null) {
            tally = tallied();
        }
        if (tally != null && size > 0) {
            tally.gap(Octaves.of(1 + time - newestMillis), 1);
        }
        newestMillis = time;
        int at = at(size++);
        ring[at + TIME] = (int) time;
        ring[at + ID_LOW] = (int) event.id();
        ring[at + ID_HIGH] = (int) (event.id() >>> 32);
        ring[at + PATH] = event.pathHash();
        ring[at + HOST] = event.hostHash();
        ring[at + AGENT] = event.agentHash();
        ring[at + IDENTITY] = event.identityHash();
        ring[at + LENGTH] = Math.max(event.contentLength(), 0);
        ring[at + DURATION] = 0;
        ring[at + ABOUT] = (event.flags() & ((1 << Event.FLAG_BITS) - 1)) | (event.crowd() << CROWD_SHIFT);
        if (tally != null) {
            count(tally, at);
        }
    }

    /**
     * Response feedback for an event that is still in the window; else nothing happens. The last feedback for an event counts.
     *
     * @param status of the response, 0 where there was none
     * @param suspicious whether the scanner detector refused the request, or would have; a 401 or 403 is then not held to be the site's
     */
    public void respond(long id, int status, int durationMillis, boolean suspicious) {
        for (int i = size - 1; i >= 0; i--) {
            int at = at(i);
            if (ring[at + ID_LOW] == (int) id && ring[at + ID_HIGH] == (int) (id >>> 32)) {
                if (tally != null) {
                    discountResponse(tally, at);
                }
                ring[at + DURATION] = Math.max(durationMillis, 0);
                ring[at + ABOUT] = (ring[at + ABOUT] & ~OF_RESPONSE) | response(ring[at + ABOUT], status, suspicious);
                if (tally != null) {
                    countResponse(tally, at);
                }
                return;
            }
        }
    }

    private static int response(int about, int status, boolean suspicious) {
        boolean denied = (status == 401 || status == 403) && !suspicious;
        boolean missed = (status == 404 || status == 410) && (about & Event.ASSET) == 0;
        return (status >= 400 ? ERROR : 0)
                | (denied ? DENIED : 0)
                | (missed ? MISSED : 0)
                | (suspicious ? REFUSED_BY_SCANNER : 0);
    }

    /** Drops what is older than the window at {@code nowMillis}. */
    public void evict(long nowMillis) {
        while (size > 0 && nowMillis - newestMillis + age(0) > windowMillis) {
            removeOldest();
        }
    }

    /** Events in the window, after the last {@code add} or {@code evict}. */
    public int size() {
        return size;
    }

    /** Time of the newest event, or Long.MIN_VALUE where there is none. */
    public long newestMillis() {
        return size == 0 ? Long.MIN_VALUE : newestMillis;
    }

    /**
     * Writes the features of {@code AddressFeatures}, rounded to the nearest unit; zeros for an empty window.
     *
     * @param out of length 22, or 14 for those of {@code DdosFeatures} alone
     */
    public void features(int[] out) {
        if (size == 0) {
            Arrays.fill(out, 0);
            return;
        }
        out[REQUEST_RATE] = quotient(size * 1_000_000L, windowMillis);
        int span = age(0);
        out[BURST_SCORE] =
                size < 2 ? 0 : span == 0 ? quotient(size * 1_000L, 1) : quotient((size - 1) * 1_000_000L, span);
        if (tally == null) {
            scan(out);
        } else {
            read(tally, out);
        }
    }

    /** The features but rate and burst, from what was counted. */
    private void read(Tally counts, int[] out) {
        double part = 1.0 / size;
        double share = RATIO_UNIT / (double) size;
        out[UNIQUE_PATHS] = counts.paths.distinct();
        out[UNIQUE_HOSTS] = counts.hosts.distinct();
        out[UNIQUE_USER_AGENTS] = counts.agents.distinct();
        out[PATH_REPETITION] = (int) (counts.mostFrequentPath() * share + HALF);
        out[AVG_DURATION_MS] = quotient(counts.duration, size);
        out[AVG_CONTENT_LENGTH] = quotient(counts.contentLength, size);
        long sum = 0;
        for (int count : counts.methods) {
            sum += kLogK(count);
        }
        out[METHOD_ENTROPY] = entropy(sum);
        for (int mark = 0; mark < MARKS; mark++) {
            if (SHARES[mark] < out.length) {
                out[SHARES[mark]] = (int) (counts.marked[mark] * share + HALF);
            }
        }
        if (out.length > DdosFeatures.COUNT) {
            out[MISSED_PATHS] = counts.missed.distinct();
            out[IDENTITIES] = counts.identities.distinct();
            out[GAP_SPREAD] = spread(counts.octaves, counts.squaredOctaves);
            out[NETWORK_LOAD] = (int) (counts.networkLoad * CROWD_UNIT * part + HALF);
            out[SURGE] = (int) (counts.surge * CROWD_UNIT * part + HALF);
        }
    }

    /** The same from the events themselves. */
    private void scan(int[] out) {
        long marked = 0; // a byte each
        long methods = 0; // a byte each
        long duration = 0;
        long length = 0;
        int repetition = 0;
        int missed = 0;
        int networkLoad = 0;
        int surge = 0;
        long octaves = 0;
        long squaredOctaves = 0;
        for (int i = 0; i < size; i++) {
            int at = at(i);
            int about = ring[at + ABOUT];
            methods += 1L << (8 * (about & Event.METHOD));
            marked += Long.expand(about >>> MARK_SHIFT, 0x0101_0101_0101_0101L);
            duration += ring[at + DURATION];
            length += ring[at + LENGTH];
            repetition = Math.max(repetition, occurrences(PATH, i, 0));
            missed += (about & MISSED) != 0 && occurrences(PATH, i, MISSED) == 1 ? 1 : 0;
            networkLoad += networkLoad(about);
            surge += surge(about);
            int gap = i == 0 ? 0 : octavesBefore(i);
            octaves += gap;
            squaredOctaves += (long) gap * gap;
        }
        out[UNIQUE_PATHS] = distinct(PATH);
        out[UNIQUE_HOSTS] = distinct(HOST);
        out[UNIQUE_USER_AGENTS] = distinct(AGENT);
        out[PATH_REPETITION] = quotient((long) repetition * RATIO_UNIT, size);
        out[AVG_DURATION_MS] = quotient(duration, size);
        out[AVG_CONTENT_LENGTH] = quotient(length, size);
        long sum = 0;
        for (long rest = methods; rest != 0; rest >>>= 8) {
            sum += kLogK((int) rest & 0xff);
        }
        out[METHOD_ENTROPY] = entropy(sum);
        for (int mark = 0; mark < MARKS; mark++) {
            if (SHARES[mark] < out.length) {
                out[SHARES[mark]] = quotient(((marked >>> (8 * mark)) & 0xff) * RATIO_UNIT, size);
            }
        }
        if (out.length > DdosFeatures.COUNT) {
            out[MISSED_PATHS] = missed;
            out[IDENTITIES] = distinct(IDENTITY);
            out[GAP_SPREAD] = spread(octaves, squaredOctaves);
            out[NETWORK_LOAD] = quotient(networkLoad * 1_000L, (long) Crowds.OCTAVE * size);
            out[SURGE] = quotient(surge * 1_000L, (long) Crowds.OCTAVE * size);
        }
    }

    /** Standard deviation of the gaps' octaves. Sums are exact, and division and root are rounded alike everywhere: all machines agree. */
    private int spread(long octaves, long squaredOctaves) {
        if (size < 3) {
            return 0;
        }
        double gap = 1.0 / (size - 1);
        double mean = octaves * gap;
        return (int) (Math.sqrt(Math.max(0, squaredOctaves * gap - mean * mean)) * SPREAD_UNIT + 0.5);
    }

    private int distinct(int column) {
        int distinct = 0;
        for (int i = 0; i < size; i++) {
            distinct += occurrences(column, i, 0) == 1 ? 1 : 0;
        }
        return distinct;
    }

    /** How often the value of event {@code i} occurs in the events up to it, among those that have all of {@code marks}. */
    private int occurrences(int column, int i, int marks) {
        int value = ring[at(i) + column];
        int count = 0;
        for (int j = 0; j <= i; j++) {
            int at = at(j);
            count += ring[at + column] == value && (ring[at + ABOUT] & marks) == marks ? 1 : 0;
        }
        return count;
    }

    /** ln n - (sum of c ln c) / n. */
    private int entropy(long sumOfKLogK) {
        return quotient(RATIO_UNIT * (kLogK(size) - sumOfKLogK), (long) size << LOG_BITS);
    }

    private static long kLogK(int k) {
        return k < K_LOG_K.length ? K_LOG_K[k] : computeKLogK(k);
    }

    private static long computeKLogK(int k) {
        return Math.round(k * StrictMath.log(k) * (1 << LOG_BITS));
    }

    /** Rounded to the nearest whole number, exactly for whole operands below 2^52; at most Integer.MAX_VALUE. */
    private static int quotient(long dividend, long divisor) {
        return (int) ((double) dividend / (double) divisor + 0.5);
    }

    /** Where the event stands that is {@code i} younger than the oldest. */
    private int at(int i) {
        int at = (head + i) * STRIDE;
        return at < ring.length ? at : at - ring.length;
    }

    /** Milliseconds between event {@code i} and the newest. */
    private int age(int i) {
        return (int) newestMillis - ring[at(i) + TIME];
    }

    /** Logarithm of the time between event {@code i} and the one before. */
    private int octavesBefore(int i) {
        return Octaves.of(1L + age(i - 1) - age(i));
    }

    private static int networkLoad(int about) {
        return (about >>> CROWD_SHIFT) & 0xff;
    }

    private static int surge(int about) {
        return about >>> (CROWD_SHIFT + 8);
    }

    private void removeOldest() {
        if (tally != null) {
            discount(tally, at(0));
            if (size > 1) {
                tally.gap(octavesBefore(1), -1);
            }
        }
        head = (head + 1) * STRIDE == ring.length ? 0 : head + 1;
        size--;
    }

    private void grow() {
        int events = (int) Math.min(size < SCANNED ? size + 1 : size * 3L / 2, capacity);
        int[] larger = new int[events * STRIDE];
        int older = ring.length - head * STRIDE;
        System.arraycopy(ring, head * STRIDE, larger, 0, older);
        System.arraycopy(ring, 0, larger, older, head * STRIDE);
        ring = larger;
        head = 0;
    }

    private Tally tallied() {
        Tally counts = new Tally();
        for (int i = 0; i < size; i++) {
            count(counts, at(i));
            if (i > 0) {
                counts.gap(octavesBefore(i), 1);
            }
        }
        return counts;
    }

    private void count(Tally counts, int at) {
        int about = ring[at + ABOUT];
        counts.addPath(ring[at + PATH]);
        counts.hosts.increment(ring[at + HOST]);
        counts.agents.increment(ring[at + AGENT]);
        counts.identities.increment(ring[at + IDENTITY]);
        counts.methods[about & Event.METHOD]++;
        counts.contentLength += ring[at + LENGTH];
        counts.networkLoad += networkLoad(about);
        counts.surge += surge(about);
        countResponse(counts, at);
    }

    private void discount(Tally counts, int at) {
        int about = ring[at + ABOUT];
        counts.removePath(ring[at + PATH]);
        counts.hosts.decrement(ring[at + HOST]);
        counts.agents.decrement(ring[at + AGENT]);
        counts.identities.decrement(ring[at + IDENTITY]);
        counts.methods[about & Event.METHOD]--;
        counts.contentLength -= ring[at + LENGTH];
        counts.networkLoad -= networkLoad(about);
        counts.surge -= surge(about);
        discountResponse(counts, at);
    }

    /** The marks are counted with the response, for they stand together. */
    private void countResponse(Tally counts, int at) {
        int about = ring[at + ABOUT];
        counts.mark(about >>> MARK_SHIFT, 1);
        counts.duration += ring[at + DURATION];
        if ((about & MISSED) != 0) {
            counts.missed.increment(ring[at + PATH]);
        }
    }

    private void discountResponse(Tally counts, int at) {
        int about = ring[at + ABOUT];
        counts.mark(about >>> MARK_SHIFT, -1);
        counts.duration -= ring[at + DURATION];
        if ((about & MISSED) != 0) {
            counts.missed.decrement(ring[at + PATH]);
        }
    }
}
