package pt.sunbeam.detector.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Why lines of a file were set aside: how many for each reason, and where the first of them stands.
 *
 * <p>Reasons quote what was found, so there may be as many as lines: the first {@value #MOST} are kept apart, later ones are counted together. Not
 * thread-safe.
 */
public final class Reasons {
    static final int MOST = 20;
    static final String OTHERS = "other reasons";

    private final Map<String, Count> counts = new LinkedHashMap<>();
    private long total;

    /**
     * One reason.
     *
     * @param firstLine number of the first line set aside for it, from 1
     */
    public record Count(String reason, long count, long firstLine) {}

    /** Sets one line aside. */
    public void add(String reason, long line) {
        total++;
        String key = counts.containsKey(reason) || counts.size() < MOST ? reason : OTHERS;
        counts.merge(key, new Count(key, 1, line), (known, _) -> new Count(key, known.count() + 1, known.firstLine()));
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
