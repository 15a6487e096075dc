package pt.sunbeam.codegen;

import java.util.List;

/**
 * One input of a model: a whole number in {@code unit}, quantised to a byte in [0, 127].
 *
 * @param name snake_case, unique within its model
 * @param unit what 1 means, for people ("1/1000", "ms", "requests")
 * @param evidence whether the model promises that more of it, all else equal, never turns BLOCK into ALLOW
 * @param cuts strictly ascending, at most 127; the quantised value of x is the number of cuts {@code c} with {@code c <= x}
 */
public record Feature(String name, String unit, boolean evidence, List<Integer> cuts) {
    public Feature {
        cuts = List.copyOf(cuts);
    }

    /** A feature of which nothing is promised. */
    public Feature(String name, String unit, List<Integer> cuts) {
        this(name, unit, false, cuts);
    }
}
