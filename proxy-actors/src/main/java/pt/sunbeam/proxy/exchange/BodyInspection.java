package pt.sunbeam.proxy.exchange;

import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.canon.ValueVisitor;
import pt.sunbeam.detector.http.RequestHead;

/**
 * The judging of one request's body as its bytes come in. It belongs to one request, and to one thread at a time; it may throw, for a bug alone.
 *
 * <p>{@link #isBlocked} speaks of all that was fed so far, so that the bytes up to here may be passed on where it says no.
 */
public interface BodyInspection {
    /**
     * Makes the inspection for a request of a route, or null where its body is not to be judged; {@code also} visits the values that are found. Thread-safe.
     */
    @FunctionalInterface
    interface Maker {
        @Nullable
        BodyInspection of(RequestHead head, String route, ValueVisitor also);
    }

    /** The next bytes of the body; not to be kept or written to. */
    void feed(byte[] bytes, int from, int to);

    /** The body is complete, or no more of it will come. Called once at most: not for a body that was broken off, nor behind a block. */
    void end();

    /** Whether what was fed so far makes it a request to block; once true, always true. */
    boolean isBlocked();

    /** What it has decided so far on head and body together, for the log; null where nothing was judged. */
    default ScannerLayer.@Nullable Decision decision() {
        return null;
    }

    /** Whether there is content that it cannot look at: more than it reads, or in a coding that it does not undo. */
    boolean isOversize();

    /** False once nothing of the rest will be looked at, so that it may pass unread. */
    boolean isReading();
}
