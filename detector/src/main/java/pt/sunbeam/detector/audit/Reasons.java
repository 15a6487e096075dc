package pt.sunbeam.detector.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why lines of a file were set aside: how many for each reason, and where the first of them stands.
 *
 * <p>Reasons that differ in the place alone, "byte 17: ...", are one. They quote what was found, so there may still be as many as lines: the first
 * {@value #MOST} are kept apart, later ones are counted together. Not thread-safe.
 */
public final class Reasons {
    static final int MOST = 20;
    static final String OTHERS = "other reasons";

    private final Map<String, Count> counts = new LinkedHashMap<>();
    private long total;

    /**
     * One reason.
     *
     * @param reason as it was given for the first line, with the place there
     * @param firstLine number of the first line set aside for it, from 1
     */
    public record Count(String reason, long count, long firstLine) {}

    /** Sets one line aside. */
    public void add(String reason, long line) {
        total++;
        String kind = withoutPlace(reason);
        boolean apart = counts.containsKey(kind) || counts.size() < MOST;
        counts.merge(
                apart ? kind : OTHERS,
                new Count(apart ? reason : OTHERS, 1, line),
                (known, _) -> new Count(known.reason(), known.count() + 1, known.firstLine()));
    }

    private static String withoutPlace(String reason) {
        return reason.startsWith("byte ") ? reason.substring(reason.indexOf(':') + 1) : reason;
    }

    /** Lines set aside for any reason. */
    public long total() {
        return total;
    }

    /** In the order of their first lines. */
    public List<Count> counts() {
        return new ArrayList<>(counts.values());
    }
}
