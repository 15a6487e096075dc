package pt.sunbeam.detector.scan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import pt.sunbeam.detector.canon.HeadReader;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.feature.ScanFeatures;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.lexicon.Symbols;
import pt.sunbeam.detector.lexicon.TestLexicon;

/**
 * What the inspection of a request costs, all channels on: from its bytes to its features.
 *
 * <p>{@code small*} is a GET of 200 bytes with 5 parameters and 8 fields, {@code browser*} one of 720 bytes with 15 fields, {@code attack} a GET of 200
 * bytes with a payload that is decoded and weighed by all channels, {@code body*} one value of 1 MiB, given in nanoseconds a byte. The plain scans
 * are of the same bytes, all of the head: {@code *Sum} adds up a table by byte, {@code *Trigrams} is the lexicon that the design sets out from, one
 * look-up in a table of 64k trigrams a byte and the best segment. {@code *Remembered} keeps what values of fields came to: the same ones each time, or
 * for {@code strangers} ones that are never there when they come back.
 *
 * <pre>
 * mvn -q -pl detector -am test-compile exec:exec@jmh -Djmh.module=detector -Djmh.args="InspectionBenchmark -prof gc"
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class InspectionBenchmark {
    private static final int BODY = 1 << 20;

    private final RequestHead small = RequestHead.of(
            "GET",
            "/s?q=red+shoes&page=2&sort=price&size=42&lang=pt",
            "Host",
            "shop.example",
            "Accept",
            "*/*",
            "User-Agent",
            "app/3",
            "DNT",
            "1",
            "Accept-Language",
            "pt",
            "Accept-Encoding",
            "gzip",
            "Cookie",
            "sid=0a1b2c3",
            "X-Id",
            "77");
    private final RequestHead attack = RequestHead.of(
            "GET",
            "/shop/list?q=1%27%20union%20select%20a,b%20from%20t--&page=2&sort=price&size=42&lang=pt",
            "Host",
            "shop.example",
            "Accept",
            "*/*",
            "User-Agent",
            "app/3.1",
            "Accept-Encoding",
            "gzip",
            "Cookie",
            "sid=0a1b2c3d");
    private final RequestHead browser = RequestHead.of(
            "GET",
            "/articles/2024/how-to-prune-roses?page=2&sort=newest",
            "Host",
            "app.example.com",
            "Connection",
            "keep-alive",
            "Cache-Control",
            "max-age=0",
            "sec-ch-ua",
            "\"Chromium\";v=\"129\", \"Not=A?Brand\";v=\"8\"",
            "sec-ch-ua-mobile",
            "?0",
            "sec-ch-ua-platform",
            "\"Linux\"",
            "Upgrade-Insecure-Requests",
            "1",
            "User-Agent",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36",
            "Accept",
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
            "Sec-Fetch-Site",
            "same-origin",
            "Sec-Fetch-Mode",
            "navigate",
            "Referer",
            "https://app.example.com/articles",
            "Accept-Encoding",
            "gzip, deflate, br, zstd",
            "Accept-Language",
            "pt-PT,pt;q=0.9,en;q=0.8",
            "Cookie",
            "session=0a1b2c3d4e5f; theme=dark; consent=yes");

    private final byte[] prose = "The quick brown fox, said to be 7 years old, jumps over the lazy dog (again). "
            .repeat(BODY / 78 + 1)
            .getBytes(ISO_8859_1);
    private final byte[] escaped = "The%20quick+brown%20fox%2C%20said%20to%20be%207%20years%20old. "
            .repeat(BODY / 63 + 1)
            .getBytes(ISO_8859_1);

    private final Inspection benign = new Inspection(TestLexicon.sparse(1_000_000));
    private final Inspection remembering = Inspection.remembering(TestLexicon.sparse(1_000_000));
    private final RequestHead[] strangers =
            IntStream.range(0, 2 * RecentValues.SLOTS).mapToObj(this::stranger).toArray(RequestHead[]::new);
    private int next;
    private final Inspection alarmed = new Inspection(TestLexicon.sparse(1));
    private final HeadReader reader = new HeadReader();
    private final int[] features = new int[ScanFeatures.COUNT];

    private final int[] byByte = new SplittableRandom(1).ints(256, -20, 20).toArray();
    private final byte[] trigrams = new byte[1 << 16];
    private final int[] symbols = new int[256];

    public InspectionBenchmark() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < trigrams.length; i++) {
            trigrams[i] = (byte) random.nextInt(-20, 10);
        }
        for (int i = 0; i < symbols.length; i++) {
            symbols[i] = Symbols.of((byte) i);
        }
        if (small.bytes().length != 200) {
            throw new IllegalStateException("small has " + small.bytes().length + " bytes (expected: 200)");
        }
    }

    @Benchmark
    public int[] small() {
        return inspect(benign, small);
    }

    @Benchmark
    public int smallSum() {
        return sum(small.bytes());
    }

    @Benchmark
    public int smallTrigrams() {
        return trigrams(small.bytes());
    }

    @Benchmark
    public int[] browser() {
        return inspect(benign, browser);
    }

    @Benchmark
    public int[] browserRemembered() {
        return inspect(remembering, browser);
    }

    @Benchmark
    public int[] strangers() {
        return inspect(benign, strangers[next++ & strangers.length - 1]);
    }

    @Benchmark
    public int[] strangersRemembered() {
        return inspect(remembering, strangers[next++ & strangers.length - 1]);
    }

    @Benchmark
    public int browserSum() {
        return sum(browser.bytes());
    }

    @Benchmark
    public int browserTrigrams() {
        return trigrams(browser.bytes());
    }

    @Benchmark
    public int[] attack() {
        return inspect(alarmed, attack);
    }

    @Benchmark
    @OperationsPerInvocation(BODY)
    public int[] body() {
        return inspect(benign, prose);
    }

    @Benchmark
    @OperationsPerInvocation(BODY)
    public int[] bodyEscaped() {
        return inspect(benign, escaped);
    }

    @Benchmark
    @OperationsPerInvocation(BODY)
    public int bodyTrigrams() {
        return trigrams(prose);
    }

    /** The browser's head with a number before each value of 16 bytes and more, so that hardly one is remembered when it comes back. */
    private RequestHead stranger(int number) {
        var head = RequestHead.builder("GET", browser.target(), "HTTP/1.1");
        for (int field = 0; field < browser.fieldCount(); field++) {
            String value = browser.value(field);
            head.field(
                    browser.name(field), value.length() < RecentValues.SHORTEST ? value : number + value.substring(3));
        }
        return head.build();
    }

    private int[] inspect(Inspection inspection, RequestHead head) {
        inspection.reset(Exemptions.NONE);
        inspection.anomalies(reader.read(head, inspection));
        inspection.features(features);
        return features;
    }

    private int[] inspect(Inspection inspection, byte[] value) {
        inspection.reset(Exemptions.NONE);
        inspection.begin(Place.FORM, value, 0, 0);
        for (int from = 0; from < BODY; from += 1 << 14) {
            inspection.more(value, from, from + (1 << 14));
        }
        inspection.end();
        inspection.features(features);
        return features;
    }

    private int sum(byte[] bytes) {
        int sum = 0;
        for (byte b : bytes) {
            sum += byByte[b & 0xff];
        }
        return sum;
    }

    private int trigrams(byte[] bytes) {
        int trigram = 0;
        int sum = 0;
        int best = 0;
        for (byte b : bytes) {
            trigram = (trigram << 6) | symbols[b & 0xff];
            sum = Math.max(0, sum + trigrams[((trigram & 0x3ffff) * 0x9E3779B1) >>> 16]);
            best = Math.max(best, sum);
        }
        return best;
    }
}
