package pt.sunbeam.detector.window;

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
    // Most addresses send a few requests and go. So a window starts as one small array, which features() scans; counts
    // and maps come when a scan
    // would cost more than they do. They stay once there: the owner drops the whole window of an address that has gone
    // quiet.
    private static final int SCANNED = 8;

    // The ring: STRIDE ints for each event. The time is its low 32 bits: an event is never further than windowMillis,
    // an int, from the newest.
    private static final int TIME = 0, ID_LOW = 1, ID_HIGH = 2, PATH = 3, HOST = 4, AGENT = 5, LENGTH = 6, DURATION = 7;
    private static final int FLAGS_AND_STATUS = 8;
    private static final int STRIDE = 9;
    private static final int STATUS_SHIFT = 8;

    private static final int[] RATIOS = {
        ERROR_RATE, PATH_REPETITION, COOKIE_RATIO, REFERER_RATIO, ACCEPT_LANGUAGE_RATIO, SUSPICIOUS_PATH_RATIO
    };
    private static final int RATIO_UNIT = 10_000;

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
    private int[] ring = new int[2 * STRIDE];
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
        newestMillis = time;
        int at = at(size++);
        ring[at + TIME] = (int) time;
        ring[at + ID_LOW] = (int) event.id();
        ring[at + ID_HIGH] = (int) (event.id() >>> 32);
        ring[at + PATH] = event.pathHash();
        ring[at + HOST] = event.hostHash();
        ring[at + AGENT] = event.agentHash();
        ring[at + LENGTH] = Math.max(event.contentLength(), 0);
        ring[at + DURATION] = 0;
        ring[at + FLAGS_AND_STATUS] = event.flags() & (1 << STATUS_SHIFT) - 1;
        if (tally != null) {
            addTo(tally, at);
        }
    }

    /** Response feedback for an event that is still in the window; else nothing happens. The last feedback for an event counts. */
    public void respond(long id, int status, int durationMillis) {
        for (int i = size - 1; i >= 0; i--) {
            int at = at(i);
            if (ring[at + ID_LOW] == (int) id && ring[at + ID_HIGH] == (int) (id >>> 32)) {
                if (tally != null) {
                    tally.removeResponse(status(at), ring[at + DURATION]);
                }
                ring[at + DURATION] = Math.max(durationMillis, 0);
                ring[at + FLAGS_AND_STATUS] = flags(at) | Math.clamp(status, 0, 0xffff) << STATUS_SHIFT;
                if (tally != null) {
                    tally.addResponse(status(at), ring[at + DURATION]);
                }
                return;
            }
        }
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

    /** Writes the features of {@code DdosFeatures} into {@code out[0..14)}, rounded to the nearest unit; zeros for an empty window. */
    public void features(int[] out) {
        if (size == 0) {
            Arrays.fill(out, 0, DdosFeatures.COUNT, 0);
            return;
        }
        out[REQUEST_RATE] = saturated(rounded(size * 1_000_000L, windowMillis));
        int span = age(0);
        out[BURST_SCORE] = saturated(size < 2 ? 0 : span == 0 ? size * 1_000L : rounded((size - 1) * 1_000_000L, span));
        if (tally == null) {
            scan(out);
        } else {
            read(tally, out);
        }
        for (int ratio : RATIOS) {
            out[ratio] = (int) rounded((long) out[ratio] * RATIO_UNIT, size);
        }
    }

    /** The features but rate and burst; ratios as mere counts. */
    private void read(Tally counts, int[] out) {
        out[UNIQUE_PATHS] = counts.paths.distinct();
        out[UNIQUE_HOSTS] = counts.hosts.distinct();
        out[UNIQUE_USER_AGENTS] = counts.agents.distinct();
        out[PATH_REPETITION] = counts.mostFrequentPath();
        out[ERROR_RATE] = counts.errors;
        out[COOKIE_RATIO] = counts.cookies;
        out[REFERER_RATIO] = counts.referers;
        out[ACCEPT_LANGUAGE_RATIO] = counts.acceptLanguages;
        out[SUSPICIOUS_PATH_RATIO] = counts.suspicious;
        out[AVG_DURATION_MS] = (int) rounded(counts.duration, size);
        out[AVG_CONTENT_LENGTH] = (int) rounded(counts.contentLength, size);
        long sum = 0;
        for (int count : counts.methods) {
            sum += kLogK(count);
        }
        out[METHOD_ENTROPY] = entropy(sum);
    }

    /** The same from the events themselves. */
    private void scan(int[] out) {
        int flagged = 0; // a byte each: cookies, referer, language, suspicious
        long methods = 0; // a byte each
        int errors = 0;
        long duration = 0;
        long length = 0;
        int repetition = 0;
        for (int i = 0; i < size; i++) {
            int at = at(i);
            int flags = flags(at);
            methods += 1L << (8 * (flags & Event.METHOD));
            flagged += (flags / Event.COOKIES & 1)
                    + ((flags / Event.REFERER & 1) << 8)
                    + ((flags / Event.ACCEPT_LANGUAGE & 1) << 16)
                    + ((flags / Event.SUSPICIOUS_PATH & 1) << 24);
            errors += status(at) >= 400 ? 1 : 0;
            duration += ring[at + DURATION];
            length += ring[at + LENGTH];
            repetition = Math.max(repetition, occurrences(PATH, i));
        }
        out[UNIQUE_PATHS] = distinct(PATH);
        out[UNIQUE_HOSTS] = distinct(HOST);
        out[UNIQUE_USER_AGENTS] = distinct(AGENT);
        out[PATH_REPETITION] = repetition;
        out[ERROR_RATE] = errors;
        out[COOKIE_RATIO] = flagged & 0xff;
        out[REFERER_RATIO] = flagged >> 8 & 0xff;
        out[ACCEPT_LANGUAGE_RATIO] = flagged >> 16 & 0xff;
        out[SUSPICIOUS_PATH_RATIO] = flagged >> 24;
        out[AVG_DURATION_MS] = (int) rounded(duration, size);
        out[AVG_CONTENT_LENGTH] = (int) rounded(length, size);
        long sum = 0;
        for (long rest = methods; rest != 0; rest >>>= 8) {
            sum += kLogK((int) rest & 0xff);
        }
        out[METHOD_ENTROPY] = entropy(sum);
    }

    private int distinct(int column) {
        int distinct = 0;
        for (int i = 0; i < size; i++) {
            distinct += occurrences(column, i) == 1 ? 1 : 0;
        }
        return distinct;
    }

    /** How often the value of event {@code i} occurs in the events up to it. */
    private int occurrences(int column, int i) {
        int value = ring[at(i) + column];
        int count = 0;
        for (int j = 0; j <= i; j++) {
            count += ring[at(j) + column] == value ? 1 : 0;
        }
        return count;
    }

    /** ln n - (sum of c ln c) / n. */
    private int entropy(long sumOfKLogK) {
        return (int) rounded(RATIO_UNIT * (kLogK(size) - sumOfKLogK), (long) size << LOG_BITS);
    }

    private static long kLogK(int k) {
        return k < K_LOG_K.length ? K_LOG_K[k] : computeKLogK(k);
    }

    private static long computeKLogK(int k) {
        return Math.round(k * StrictMath.log(k) * (1 << LOG_BITS));
    }

    private static long rounded(long dividend, long divisor) {
        return (2 * dividend + divisor) / (2 * divisor);
    }

    private static int saturated(long value) {
        return (int) Math.min(value, Integer.MAX_VALUE);
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

    private int flags(int at) {
        return ring[at + FLAGS_AND_STATUS] & (1 << STATUS_SHIFT) - 1;
    }

    private int status(int at) {
        return ring[at + FLAGS_AND_STATUS] >>> STATUS_SHIFT;
    }

    private void removeOldest() {
        int at = at(0);
        if (tally != null) {
            tally.remove(ring[at + PATH], ring[at + HOST], ring[at + AGENT], flags(at), ring[at + LENGTH]);
            tally.removeResponse(status(at), ring[at + DURATION]);
        }
        head = (head + 1) * STRIDE == ring.length ? 0 : head + 1;
        size--;
    }

    private void grow() {
        int events = (int) Math.min(2L * size, capacity);
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
            addTo(counts, at(i));
        }
        return counts;
    }

    private void addTo(Tally counts, int at) {
        counts.add(ring[at + PATH], ring[at + HOST], ring[at + AGENT], flags(at), ring[at + LENGTH]);
        counts.addResponse(status(at), ring[at + DURATION]);
    }
}
