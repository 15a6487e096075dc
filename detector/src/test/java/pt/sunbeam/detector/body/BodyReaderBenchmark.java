package pt.sunbeam.detector.body;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.canon.ValueVisitor;
import pt.sunbeam.detector.http.RequestHead;

/** What finding the values costs per byte: bodies of 1 MiB, of small values, in pieces of 8 KiB, for a visitor that only counts them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BodyReaderBenchmark {
    private static final int SIZE = 1 << 20;
    private static final int PIECE = 8192;

    @Param({"form", "json", "xml", "multipart", "file", "text", "gzip"})
    String kind = "form";

    private RequestHead head = Values.head("");
    private byte[] body = new byte[0];
    private final Count count = new Count();
    private final BodyReader reader = new BodyReader(count);

    private static final class Count implements ValueVisitor {
        private long bytes;

        @Override
        public void begin(Place place, byte[] name, int nameFrom, int nameTo) {
            bytes += nameTo - nameFrom;
        }

        @Override
        public void more(byte[] value, int from, int to) {
            bytes += to - from;
        }

        @Override
        public void end() {
            bytes++;
        }
    }

    @Setup
    public void prepare() throws IOException {
        String type = switch (kind) {
            case "form", "gzip" -> "application/x-www-form-urlencoded";
            case "json" -> "application/json";
            case "xml" -> "application/xml";
            case "multipart", "file" -> "multipart/form-data; boundary=----formBoundary7MA4YWxkTrZu0gW";
            default -> "text/plain";
        };
        head = kind.equals("gzip") ? Values.head(type, "Content-Encoding", "gzip") : Values.head(type);
        var text = new StringBuilder(SIZE + 1000);
        switch (kind) {
            case "json" -> text.append("{\"items\":[{\"id\":0}");
            case "xml" -> text.append("<?xml version=\"1.0\"?><items>");
            case "file" -> text.append("""
                        ------formBoundary7MA4YWxkTrZu0gW
                        Content-Disposition: form-data; name="file"; filename="log.txt"

                        """);
            default -> {}
        }
        for (int i = 0; text.length() < SIZE; i++) {
            text.append(
                    switch (kind) {
                        case "form", "gzip" -> "&item" + i + "=some+words+to+fill+the+space&quantity=" + i;
                        case "json" -> ",{\"id\":" + i + ",\"title\":\"some words to fill the space\",\"sold\":false}";
                        case "xml" -> "<item id=\"" + i + "\"><title>some words to fill the space</title></item>";
                        case "multipart" ->
                            "------formBoundary7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name=\"item" + i
                                    + "\"\r\n\r\nsome words to fill the space and a second line\r\nof the same\r\n";
                        default -> "some words to fill the space, and a second line of them\r\n";
                    });
        }
        body = text.toString().getBytes(ISO_8859_1);
        if (kind.equals("gzip")) {
            var coded = new ByteArrayOutputStream();
            try (var out = new GZIPOutputStream(coded)) {
                out.write(body);
            }
            body = coded.toByteArray();
        }
    }

    /** In nanoseconds a byte; for gzip, of what it holds. */
    @Benchmark
    @OperationsPerInvocation(SIZE)
    public long read() {
        reader.begin(head, Long.MAX_VALUE);
        for (int from = 0; from < body.length; from += PIECE) {
            reader.feed(body, from, Math.min(from + PIECE, body.length));
        }
        reader.end();
        return count.bytes;
    }
}
