package pt.sunbeam.trainer.evaluate;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What false positives mean to those who run a site (or a network): the share of its units (requests, clients' days) blocked at least once.
 *
 * @param count sites with benign rows
 * @param units benign units of all sites
 * @param blocked of these, blocked at least once
 * @param median over sites, in [0, 1]; the mean of the middle two of an even number
 * @param worst the site of the highest share; among equals that of more units blocked, then the first by name
 */
public record Sites(int count, int units, int blocked, double median, Site worst) {
    /** A site and its benign units. */
    public record Site(String name, String source, int units, int blocked) {
        /** In [0, 1]. */
        public double share() {
            return (double) blocked / units;
        }
    }

    private static final Comparator<Site> BEST_FIRST = Comparator.comparingDouble(Site::share)
            .thenComparingInt(Site::blocked)
            .thenComparing(Site::name, Comparator.reverseOrder());

    private record Units(String source, Set<String> all, Set<String> blocked) {}

    /** Empty where no row is benign. */
    static Optional<Sites> of(Collection<Scored> rows) {
        var units = new HashMap<String, Units>();
        for (var row : rows) {
            if (!row.attack()) {
                var site = units.computeIfAbsent(
                        row.site(), _ -> new Units(row.source(), new HashSet<>(), new HashSet<>()));
                site.all().add(row.unit());
                if (row.block()) {
                    site.blocked().add(row.unit());
                }
            }
        }
        if (units.isEmpty()) {
            return Optional.empty();
        }
        var sites = units.entrySet().stream()
                .map(site -> new Site(
                        site.getKey(),
                        site.getValue().source(),
                        site.getValue().all().size(),
                        site.getValue().blocked().size()))
                .sorted(BEST_FIRST)
                .toList();
        int middle = sites.size() / 2;
        double median = sites.size() % 2 == 1
                ? sites.get(middle).share()
                : (sites.get(middle - 1).share() + sites.get(middle).share()) / 2;
        return Optional.of(new Sites(
                sites.size(),
                sites.stream().mapToInt(Site::units).sum(),
                sites.stream().mapToInt(Site::blocked).sum(),
                median,
                sites.getLast()));
    }
}
