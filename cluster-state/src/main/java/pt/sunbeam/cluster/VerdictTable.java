package pt.sunbeam.cluster;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.verdict.DdosVerdict;
import pt.sunbeam.detector.verdict.Escalation;

/**
 * The verdicts that this node knows of, by {@link IpAddress#detectorKey()}: those in force, and those that count for the next. Thread-safe; reading never
 * waits.
 */
final class VerdictTable {
    private final ConcurrentHashMap<Key, DdosVerdict> verdicts = new ConcurrentHashMap<>();
    private final int capacity;
    private final Escalation escalation;

    VerdictTable(int capacity, Escalation escalation) {
        this.capacity = capacity;
        this.escalation = escalation;
    }

    /** The verdict in force at a wall-clock time, or null. */
    @Nullable
    DdosVerdict get(IpAddress key, long nowMillis) {
        DdosVerdict verdict = verdicts.get(Key.of(key));
        return verdict != null && verdict.inForceAt(nowMillis) ? verdict : null;
    }

    /** The last verdict, in force or not, or null where there was none or it is forgotten. */
    @Nullable
    DdosVerdict last(IpAddress key) {
        return verdicts.get(Key.of(key));
    }

    /**
     * Takes a verdict over unless a later one (by sequence) is known; true where the table now holds this or a later one.
     *
     * <p>False where the table is full: a newcomer is refused, for each one already there was judged too, and an attacker must
     * not be able to free himself by getting others banned.
     */
    boolean put(IpAddress address, DdosVerdict verdict, long nowMillis) {
        if (!verdict.inForceAt(nowMillis)) {
            return true;
        }
        Key key = Key.of(address);
        if (verdicts.mappingCount() >= capacity && !verdicts.containsKey(key)) {
            return false;
        }
        verdicts.merge(key, verdict, (known, next) -> next.sequence() > known.sequence() ? next : known);
        return true;
    }

    /** Some of the verdicts in force, at most {@code most}, by the address or network that they are about. */
    Map<IpAddress, DdosVerdict> inForce(long nowMillis, int most) {
        return verdicts.entrySet().stream()
                .filter(entry -> entry.getValue().inForceAt(nowMillis))
                .limit(most)
                .collect(Collectors.toMap(
                        entry -> new IpAddress(
                                entry.getKey().high(), entry.getKey().low()),
                        Map.Entry::getValue));
    }

    /** Forgets what counts no more; and, where the table is three quarters full, all that is not in force. */
    void sweep(long nowMillis) {
        boolean crowded = verdicts.mappingCount() >= capacity - capacity / 4;
        verdicts.values()
                .removeIf(verdict ->
                        nowMillis >= (crowded ? verdict.expiresAtMillis() : escalation.forgottenAtMillis(verdict)));
    }

    /** Verdicts in force. */
    int inForce(long nowMillis) {
        return (int) verdicts.values().stream()
                .filter(verdict -> verdict.inForceAt(nowMillis))
                .count();
    }
}
