package pt.sunbeam.detector.body;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import pt.sunbeam.detector.http.RequestHead;

/**
 * What holds for every body: {@code -Dsunbeam.cases=10000000} tries so many of them.
 *
 * <p>Each case has its own seed, which a failure names.
 */
class BodyPropertiesTest {
    private static final int CASES = Integer.getInteger("sunbeam.cases", 20_000);
    private static final String MARKER = "(~'~)";

    private static final List<String> TYPES = List.of(
            "application/x-www-form-urlencoded",
            "application/json",
            "text/xml",
            "multipart/form-data; boundary=XyZ",
            "text/plain",
            "",
            "application/octet-stream",
            "multipart/mixed; boundary=\"--\"",
            "application/json; charset=utf-16",
            "text/plain; charset=ibm037",
            "nonsense, \"");

    private static final List<String> CODINGS = List.of("gzip", "deflate", "br");

    private static final List<String> BODIES =
            List.of("user=a%27b+c&list[]=2&empty=&flag&=x", """
            {"a": "x\\"y", "n": [-1.5e3, true, null, {"k é": "v"}], "o": {"in": ["1", "2"]}, "$w": ""}
            """, """
            <?xml version="1.0" encoding="utf-8"?><!DOCTYPE a [<!ENTITY e SYSTEM "f">]>
            <a x='1' on-y = "2"><!-- c - --><b:script>t &e; </b:script><![CDATA[ d ]] ]]><?pi z?></a>
            """, """
            --XyZ\r
            Content-Disposition: form-data; name="a"\r
            \r
            1\r
            --X\r
            --XyZ\r
            Content-Disposition: form-data; name="f"; filename="b.json"\r
            Content-Type: application/json\r
             ; charset=utf-8\r
            \r
            {"k":"v"}\r
            --XyZ\r
            Content-Disposition: form-data; name=n\r
            Content-Type: multipart/mixed; boundary=in\r
            \r
            --in\r
            \r
            deep\r
            --in--\r
            --XyZ--\r
            """, "just some text, 1 < 2 & \"so on\"");

    private static final List<String> PIECES = List.of(
            "\"",
            "\\",
            "{",
            "]",
            "[",
            "<",
            ">",
            "&",
            "=",
            "\r\n",
            "\n",
            "--XyZ",
            "--XyZ--",
            "--",
            "<!--",
            "-->",
            "]]>",
            "<![CDATA[",
            "<!DOCTYPE",
            "?>",
            "'",
            ":",
            ",",
            "\0",
            "\u00ef\u00bb\u00bf",
            "\u00ff\u00fe",
            "%",
            "true",
            "[".repeat(70),
            "<a>",
            "n".repeat(140),
            "Content-Type: text/xml\r\n");

    @Test
    void nothingThrowsAndCuttingMakesNoDifference() throws IOException {
        var values = new Values();
        var reader = new BodyReader(values);
        for (int seed = 0; seed < CASES; seed++) {
            var random = new SplittableRandom(seed);
            String type = pick(random, TYPES);
            boolean coded = random.nextInt(10) == 0;
            String coding = coded ? pick(random, CODINGS) : "";
            RequestHead head = coded ? Values.head(type, "Content-Encoding", coding) : Values.head(type);
            byte[] body = body(random, coding);
            long most = random.nextInt(20) == 0 ? random.nextInt(400) : Long.MAX_VALUE;
            try {
                Values.Reading whole = Values.of(head, body, most);
                Values.Reading cut = values.read(reader, head, body, most, cuts(random, body.length));
                // where a compressed stream that is broken is given up, depends on how much of it has come
                if (!coded || (whole.anomalies() & BodyAnomaly.CODING.bit()) == 0) {
                    assertThat(cut).isEqualTo(whole);
                }
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError(
                        "seed %d, %s, %s: %s".formatted(seed, type, coding, new String(body, ISO_8859_1)), failure);
            }
        }
    }

    @Test
    void whatIsPutInAnywhereIsFound() {
        for (int seed = 0; seed < CASES; seed++) {
            var random = new SplittableRandom(seed);
            int kind = random.nextInt(BODIES.size());
            var body = new StringBuilder(pick(random, BODIES));
            if (random.nextInt(4) == 0) {
                mutate(random, body);
            }
            for (int i = 0; i < body.length(); i++) {
                if (body.charAt(i) < ' ' && !Character.isWhitespace(body.charAt(i))) {
                    body.setCharAt(i, ' '); // a file that is binary may be left unread
                }
            }
            body.insert(random.nextInt(body.length() + 1), MARKER);
            String type = TYPES.get(kind);
            assertThat(Values.of(type, body.toString()).values())
                    .describedAs("seed %d, %s: %s", seed, type, body)
                    .anyMatch(value -> value.contains(MARKER));
        }
    }

    private static byte[] body(SplittableRandom random, String coding) throws IOException {
        if (random.nextInt(5) == 0) {
            byte[] noise = new byte[random.nextInt(600)];
            random.nextBytes(noise);
            return noise;
        }
        var body = new StringBuilder(pick(random, BODIES));
        int mutations = random.nextInt(6);
        if (coding.isEmpty()) {
            for (int i = 0; i < mutations; i++) {
                mutate(random, body);
            }
            return body.toString().getBytes(random.nextInt(10) == 0 ? StandardCharsets.UTF_16LE : ISO_8859_1);
        }
        byte[] coded =
                coding.equals("deflate") ? CodingTest.deflate(body.toString()) : CodingTest.gzip(body.toString());
        if (mutations > 3) {
            coded[random.nextInt(coded.length)] = (byte) random.nextInt();
        }
        return coded;
    }

    private static void mutate(SplittableRandom random, StringBuilder body) {
        int at = random.nextInt(body.length() + 1);
        int end = Math.min(body.length(), at + random.nextInt(30));
        switch (random.nextInt(5)) {
            case 0 -> body.insert(at, pick(random, PIECES));
            case 1 -> body.insert(at, (char) random.nextInt(256));
            case 2 -> body.delete(at, end);
            case 3 -> body.insert(random.nextInt(body.length() + 1), body.substring(at, end));
            default -> body.insert(at, pick(random, BODIES));
        }
    }

    private static int[] cuts(SplittableRandom random, int length) {
        if (random.nextInt(4) == 0) {
            int[] everywhere = new int[length];
            Arrays.setAll(everywhere, i -> i);
            return everywhere;
        }
        return random.ints(random.nextInt(8), 0, length + 1).sorted().toArray();
    }

    private static <T> T pick(SplittableRandom random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
