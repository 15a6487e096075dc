package pt.sunbeam.detector.verdict;

/**
 * Who sends like this does harm.
 *
 * @param sinceMillis since when each look has found so; and {@code nowMillis} of the last: milliseconds since the epoch
 */
public record Offence(Judge.Finding finding, long sinceMillis, long nowMillis) {}
