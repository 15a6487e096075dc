package pt.sunbeam.detector.canon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

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

/** What reading a request and making plain text of it costs: a GET of some 200 bytes with five parameters and eight fields, and single values. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CanonBenchmark {
    private final RequestHead request = RequestHead.of(
            "GET",
            "/shop/search?q=red+roses&page=2&sort=price&lang=en&ref=home",
            "Host",
            "shop.example",
            "User-Agent",
            "curl/8.5.0",
            "Accept",
            "*/*",
            "Accept-Language",
            "en",
            "Accept-Encoding",
            "gzip",
            "Referer",
            "/shop/",
            "Cookie",
            "sid=0a1b2c3d",
            "DNT",
            "1");
    private final byte[] plain = bytes("a plain value of 40 bytes, for a search.");
    private final byte[] token = bytes("5f4dcc3b5aa765d61d8327deb882cf99ab12cd34");
    private final byte[] escaped = bytes("caf%C3%A9+%26+cr%C3%A8me%2C+2+%E2%82%AC");
    private final byte[] attack = bytes("1%2527+un/**/ion+sel''ect+%26lt%3Bx%26gt");
    private final byte[] prose = bytes(Canonical.times(90, "It's a long text of many words, \"quoted\" ones too. "));
    private final byte[] encoded = bytes(Canonical.times(340, "%25%32%37%C3%A9"));

    private final HeadReader reader = new HeadReader();
    private final Canonicaliser canonicaliser = new Canonicaliser();
    private final Lengths lengths = new Lengths();
    private final Texts texts = new Texts();
    private final byte[] scanned = new byte[4096];

    /** Looks at where values stand and no further. */
    private static final class Lengths implements ValueVisitor {
        int sum;

        @Override
        public void begin(Place place, byte[] bytes, int nameFrom, int nameTo) {}

        @Override
        public void more(byte[] bytes, int from, int to) {
            sum += to - from;
        }

        @Override
        public void end() {}
    }

    private final class Texts implements ValueVisitor {
        int sum;

        @Override
        public void begin(Place place, byte[] bytes, int nameFrom, int nameTo) {
            canonicaliser.begin(place);
        }

        @Override
        public void more(byte[] bytes, int from, int to) {
            canonicaliser.canonicalise(bytes, from, to, true);
            sum += canonicaliser.length();
        }

        @Override
        public void end() {}
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private int canonicalise(byte[] value) {
        canonicaliser.begin(Place.QUERY);
        canonicaliser.canonicalise(value, 0, value.length, true);
        return canonicaliser.squeezedLength() + canonicaliser.length();
    }

    /** The yardstick: one look-up and one store for each byte of the request. */
    @Benchmark
    public int tableScanOfTheRequest() {
        byte[] in = request.bytes();
        int union = 0;
        for (int i = 0; i < in.length; i++) {
            int folded = CharacterTable.PLAIN[in[i] & 0xff];
            scanned[i] = (byte) folded;
            union |= folded;
        }
        return union;
    }

    @Benchmark
    public int valuesOfTheRequest() {
        reader.read(request, lengths);
        return lengths.sum;
    }

    @Benchmark
    public int textsOfTheRequest() {
        reader.read(request, texts);
        return texts.sum;
    }

    @Benchmark
    public int plainValue() {
        return canonicalise(plain);
    }

    @Benchmark
    public int opaqueToken() {
        return canonicalise(token);
    }

    @Benchmark
    public int escapedValue() {
        return canonicalise(escaped);
    }

    @Benchmark
    public int attack() {
        return canonicalise(attack);
    }

    @Benchmark
    public int quotedProseOf4KiB() {
        return canonicalise(prose);
    }

    @Benchmark
    public int nestedEscapesOf5KiB() {
        return canonicalise(encoded);
    }
}
