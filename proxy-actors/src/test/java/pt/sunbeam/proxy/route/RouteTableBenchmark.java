package pt.sunbeam.proxy.route;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import pt.sunbeam.detector.http.RequestHead;

/**
 * What it costs to find the rule of a request among 1,000: 100 hosts of ten paths each, at random, some of them with conditions; and beside it the same by
 * the list that a first version of a router is, host by host and prefix by prefix.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RouteTableBenchmark {
    private static final int HOSTS = 100;
    private static final int PATHS = 10;
    private static final int REQUESTS = 4_096;

    private final RouteTable table;
    private final String[][] listed = new String[HOSTS * PATHS][2];
    private final RequestHead[] heads = new RequestHead[REQUESTS];
    private final String[] hosts = new String[REQUESTS];
    private final String[] paths = new String[REQUESTS];
    private int next;

    public RouteTableBenchmark() {
        var text = new StringBuilder();
        for (int host = 0; host < HOSTS; host++) {
            text.append("{ host_prefix = \"%s\", backend = \"http://a\", paths = [\n".formatted(name(host)));
            for (int path = 0; path < PATHS; path++) {
                listed[host * PATHS + path] = new String[] {name(host), prefix(path)};
                String condition = path % 5 == 4 ? ", methods = [GET, POST]" : "";
                text.append("{ prefix = \"%s\", backend = \"http://b\"%s }\n".formatted(prefix(path), condition));
            }
            text.append("] }\n");
        }
        table = RouteTableTest.table(text.toString());
        var random = new SplittableRandom(1);
        for (int i = 0; i < REQUESTS; i++) {
            hosts[i] = name(random.nextInt(HOSTS));
            paths[i] = prefix(random.nextInt(PATHS)) + "/items/" + random.nextInt(1_000_000);
            heads[i] = RequestHead.of("GET", paths[i], "Host", hosts[i], "User-Agent", "Mozilla/5.0", "Accept", "*/*");
        }
    }

    private static String name(int host) {
        return host % 2 == 0 ? "app" + host + ".example.org" : "tenant" + host;
    }

    private static String prefix(int path) {
        return "/api/v" + path % 3 + "/service" + path;
    }

    @Benchmark
    public @Nullable Rule table() {
        int i = next++ & (REQUESTS - 1);
        var host = table.host(hosts[i]);
        return host == null ? null : host.find(heads[i], paths[i]);
    }

    @Benchmark
    public String @Nullable [] list() {
        int i = next++ & (REQUESTS - 1);
        for (String[] entry : listed) {
            if (entry[0].equals(hosts[i]) && paths[i].startsWith(entry[1])) {
                return entry;
            }
        }
        return null;
    }
}
