package pt.sunbeam.cluster;

import java.util.List;

/**
 * What every node knows of an address that the DDoS detector blocks.
 *
 * @param expiresAtMillis wall clock, milliseconds since the epoch
 * @param score calibrated probability at the time of the verdict
 * @param path as in Judgement.path
 * @param reasons at most three feature names with their values, strongest first
 */
public record DdosVerdict(long expiresAtMillis, long sequence, double score, String path, List<String> reasons) {}
