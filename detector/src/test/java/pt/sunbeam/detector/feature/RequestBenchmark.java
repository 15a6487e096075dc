package pt.sunbeam.detector.feature;

import java.util.Set;
import java.util.concurrent.TimeUnit;
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
import pt.sunbeam.detector.window.Event;
import pt.sunbeam.detector.window.EventReader;

/** What each request costs before its models are asked: 15 fields of a browser, and a scanner's three. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RequestBenchmark {
    private final ScannerFeatures features = new ScannerFeatures(Set.of("app", "shop", "api"));
    private final EventReader reader = new EventReader(42);
    private final int[] out = new int[ScannerFeatures.COUNT];
    private final RequestHead browser = browser();
    private final RequestHead scanner = RequestHead.of(
            "GET",
            "/wp-content/plugins/../../../.env",
            "Host",
            "203.0.113.7",
            "User-Agent",
            "Go-http-client/1.1",
            "Accept",
            "*/*");

    private static RequestHead browser() {
        return RequestHead.of(
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
    }

    @Benchmark
    public int[] featuresOfABrowser() {
        features.extract(browser, out);
        return out;
    }

    @Benchmark
    public int[] featuresOfAScanner() {
        features.extract(scanner, out);
        return out;
    }

    @Benchmark
    public Event eventOfABrowser() {
        return reader.read(browser, 1, 1);
    }

    @Benchmark
    public RequestHead headOfABrowser() {
        return browser();
    }
}
