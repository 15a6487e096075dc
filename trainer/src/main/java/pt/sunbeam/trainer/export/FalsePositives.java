package pt.sunbeam.trainer.export;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import pt.sunbeam.trainer.dataset.Row;

/**
 * The share of benign units (requests, or clients' days) that are blocked at least once: of all units, as a mean over sites, in which a small
 * site counts as much as a large one, and of the operator's own traffic.
 */
public final class FalsePositives {
    private final int[] unitOf;
    private final double[] share;
    private final double[] siteShare;
    private final double[] ownShare;

    /**
     * Counts the units of some rows.
     *
     * @param benign rows; what is blocked of them is said in their order
     * @param unjudged further benign units, without rows, that are never blocked
     */
    public FalsePositives(List<Row> benign, int unjudged) {
        var units = new HashMap<String, Integer>();
        var siteOf = new ArrayList<String>();
        Map<String, Integer> sites = new HashMap<>();
        var own = new BitSet();
        unitOf = new int[benign.size()];
        for (int i = 0; i < unitOf.length; i++) {
            var row = benign.get(i);
            var known = units.get(row.unit());
            if (known == null) {
                known = units.size();
                units.put(row.unit(), known);
                siteOf.add(row.site());
                sites.merge(row.site(), 1, Integer::sum);
                own.set(known, row.own());
            }
            unitOf[i] = known;
        }
        share = new double[units.size()];
        siteShare = new double[units.size()];
        ownShare = new double[units.size()];
        for (int unit = 0; unit < share.length; unit++) {
            share[unit] = 1.0 / (share.length + unjudged);
            siteShare[unit] = 1.0 / sites.size() / sites.getOrDefault(siteOf.get(unit), 1);
            ownShare[unit] = own.get(unit) ? 1.0 / own.cardinality() : 0;
        }
    }

    /** Units with rows. */
    public int judged() {
        return share.length;
    }

    /** In [0, 1]; 0 where there are no units. */
    public double rate(boolean[] blocked) {
        return sum(share, blocked);
    }

    /** The mean over sites, in [0, 1]; 0 where there are no units. */
    public double siteRate(boolean[] blocked) {
        return sum(siteShare, blocked);
    }

    /** The rate of own units with rows, in [0, 1]; 0 where there are none. */
    public double ownRate(boolean[] blocked) {
        return sum(ownShare, blocked);
    }

    private double sum(double[] shares, boolean[] blocked) {
        var hit = new boolean[shares.length];
        double rate = 0;
        for (int i = 0; i < blocked.length; i++) {
            if (blocked[i] && !hit[unitOf[i]]) {
                hit[unitOf[i]] = true;
                rate += shares[unitOf[i]];
            }
        }
        return rate;
    }
}
