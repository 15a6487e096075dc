package pt.sunbeam.proxy.replay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.Cidr;
import pt.sunbeam.detector.http.IpAddress;

/** Counts requests and blocks for each address and for each group of addresses. Not thread-safe. */
final class ClientTally {
    private static final int MOST_ADDRESSES = 100_000;
    private static final int MOST_BLOCKED = 30;
    private static final int MOST_BUSIEST = 10;

    private record Group(String name, List<Cidr> blocks, Counts counts) {}

    private final List<Group> groups = new ArrayList<>();
    private final Map<IpAddress, Counts> byAddress = new HashMap<>();
    private final Counts elsewhere = new Counts();
    private long beyond;

    private static final class Counts {
        long requests;
        long scanner;
        long ddos;
        long any;

        void add(boolean byScanner, boolean byDdos) {
            requests++;
            scanner += byScanner ? 1 : 0;
            ddos += byDdos ? 1 : 0;
            any += byScanner || byDdos ? 1 : 0;
        }

        Report.Blocks blocks() {
            return new Report.Blocks(requests, scanner, ddos, any, requests == 0 ? 0 : (double) any / requests);
        }
    }

    /** @param groups address blocks by the name of their group; they may overlap */
    ClientTally(Map<String, List<Cidr>> groups) {
        groups.forEach((name, blocks) -> this.groups.add(new Group(name, blocks, new Counts())));
    }

    /** @param client null where the log has no address */
    void add(@Nullable IpAddress client, boolean byScanner, boolean byDdos) {
        if (client != null) {
            Counts counts = byAddress.get(client);
            if (counts == null && byAddress.size() < MOST_ADDRESSES) {
                counts = new Counts();
                byAddress.put(client, counts);
            }
            if (counts == null) {
                beyond++;
            } else {
                counts.add(byScanner, byDdos);
            }
        }
        if (!groups.isEmpty()) {
            addToGroups(client, byScanner, byDdos);
        }
    }

    private void addToGroups(@Nullable IpAddress client, boolean byScanner, boolean byDdos) {
        boolean found = false;
        for (Group group : groups) {
            if (client != null && group.blocks.stream().anyMatch(block -> block.contains(client))) {
                group.counts.add(byScanner, byDdos);
                found = true;
            }
        }
        if (!found) {
            elsewhere.add(byScanner, byDdos);
        }
    }

    /** In the order in which they were given, and then the requests of no group. */
    List<Report.Group> groups() {
        List<Report.Group> report = new ArrayList<>();
        groups.forEach(group -> report.add(new Report.Group(group.name, group.counts.blocks())));
        if (!groups.isEmpty()) {
            report.add(new Report.Group("(other)", elsewhere.blocks()));
        }
        return report;
    }

    Report.Addresses addresses() {
        List<Report.Address> all = byAddress.entrySet().stream()
                .map(one -> new Report.Address(
                        one.getKey().toString(), one.getValue().blocks()))
                .toList();
        return new Report.Addresses(
                all.size(),
                beyond,
                all.stream().filter(one -> one.blocks().any() > 0).count(),
                most(all.stream().filter(one -> one.blocks().any() > 0).toList(), true, MOST_BLOCKED),
                most(all, false, MOST_BUSIEST));
    }

    private static List<Report.Address> most(List<Report.Address> addresses, boolean blocked, int limit) {
        Comparator<Report.Address> order = Comparator.comparingLong(
                one -> blocked ? one.blocks().any() : one.blocks().requests());
        return addresses.stream()
                .sorted(order.reversed().thenComparing(Report.Address::address))
                .limit(limit)
                .toList();
    }
}
