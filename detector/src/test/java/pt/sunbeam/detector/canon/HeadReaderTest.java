package pt.sunbeam.detector.canon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pt.sunbeam.detector.http.RequestHead;

class HeadReaderTest {
    /** Writes values down as {@code place name=value}. */
    private static final class Recorder implements ValueVisitor {
        final List<String> seen = new ArrayList<>();
        private final StringBuilder value = new StringBuilder();

        @Override
        public void begin(Place place, byte[] bytes, int nameFrom, int nameTo) {
            value.setLength(0);
            value.append(place.word()).append(' ');
            value.append(new String(bytes, nameFrom, nameTo - nameFrom, ISO_8859_1))
                    .append('=');
        }

        @Override
        public void more(byte[] bytes, int from, int to) {
            value.append(new String(bytes, from, to - from, ISO_8859_1));
        }

        @Override
        public void end() {
            seen.add(value.toString());
        }
    }

    private static List<String> values(RequestHead head) {
        Recorder recorder = new Recorder();
        assertThat(new HeadReader().read(head, recorder)).isZero();
        return recorder.seen;
    }

    private static List<String> values(String target) {
        return values(RequestHead.of("GET", target));
    }

    @Test
    void allValuesAreVisitedInOrder() {
        assertThat(values(RequestHead.of(
                        "POST",
                        "/a/b%20c?q=roses&page=2",
                        "Host",
                        "shop.example",
                        "User-Agent",
                        "Mozilla/5.0",
                        "COOKIE",
                        "session=0a1b; theme=dark;consent=a=b",
                        "X-Empty",
                        "",
                        "X-Forwarded-For",
                        "203.0.113.7")))
                .containsExactly(
                        "path =/a/b%20c",
                        "query q=roses",
                        "query page=2",
                        "header Host=shop.example",
                        "header User-Agent=Mozilla/5.0",
                        "cookie session=0a1b",
                        "cookie theme=dark",
                        "cookie consent=a=b",
                        "header X-Forwarded-For=203.0.113.7");
    }

    @Test
    void fieldsOfFramingAreNotVisited() {
        assertThat(values(RequestHead.of(
                        "GET",
                        "/",
                        "Connection",
                        "close",
                        "content-length",
                        "5",
                        "Transfer-Encoding",
                        "chunked",
                        "Keep-Alive",
                        "timeout=5",
                        "Proxy-Connection",
                        "close",
                        "TE",
                        "trailers")))
                .containsExactly("path =/");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "id'or'1'='1 | query =id'or'1'='1",
                "id%27=1 | query =id%27=1",
                "user[$ne]=1 | query =user[$ne]=1",
                "union+select | query =union+select",
                "flag | query =flag",
                "=x | query =x",
                "a==x | query a==x",
                "a=b;c=d?e | query a=b;c=d?e",
                "a=b#c | query a=b#c",
                "a= | ~~",
                "&& | ~~",
                "a[b]=1 | query =a[b]; query a[b]=1",
                "a%5Bb%5d=1 | query =a%5Bb%5d; query a%5Bb%5d=1",
                "__proto__=1 | query =__proto__; query __proto__=1",
                "class.module=1 | query =class.module; query class.module=1",
                "user_name-x=1 | query user_name-x=1",
            })
    void aNameThatIsMoreThanANameIsAValue(String query, String expected) {
        List<String> seen = new ArrayList<>(List.of("path =/"));
        if (!expected.isEmpty()) {
            seen.addAll(List.of(expected.split("; ")));
        }
        assertThat(values("/?" + query)).isEqualTo(seen);
    }

    @Test
    void valuesOfOneNameAreVisitedJoinedToo() {
        assertThat(values("/?a=1+union/*&b=x&a=*/select/*&A=*/1&b=y&c=z"))
                .endsWith("query c=z", "query a=1+union/*,*/select/*,*/1", "query b=x,y")
                .hasSize(9);
        assertThat(values("/?a=1&b=1&aa=1")).hasSize(4);
    }

    @Test
    void theReaderForgetsTheRequestBefore() {
        HeadReader reader = new HeadReader();
        Recorder recorder = new Recorder();
        reader.read(RequestHead.of("GET", "/?a=1"), recorder);
        reader.read(RequestHead.of("GET", "/?a=2"), recorder);
        assertThat(recorder.seen).containsExactly("path =/", "query a=1", "path =/", "query a=2");
    }

    @Test
    void anAuthorityInTheTargetIsVisited() {
        assertThat(values("http://u'ser@a.example:80/b?c=d"))
                .containsExactly("header =u'ser@a.example:80", "path =/b", "query c=d");
        assertThat(values("http://a.example?c=d")).containsExactly("header =a.example", "path =/", "query c=d");
        assertThat(values("http://a.example")).containsExactly("header =a.example", "path =/");
        assertThat(values(RequestHead.of("CONNECT", "a.example:443"))).containsExactly("header =a.example:443");
        assertThat(values(RequestHead.of("OPTIONS", "*"))).containsExactly("path =*");
    }

    @Test
    void whatComesAfterTooManyValuesIsVisitedAsOne() {
        String many = IntStream.range(0, 10_000).mapToObj(i -> "p" + i + "=1").collect(Collectors.joining("&"));
        Recorder recorder = new Recorder();
        int anomalies = new HeadReader()
                .read(RequestHead.of("GET", "/?" + many + "&q=attack", "Cookie", many.replace('&', ';')), recorder);
        assertThat(Anomaly.TOO_MANY_VALUES.in(anomalies)).isTrue();
        assertThat(recorder.seen).hasSize(1 + 2 * (HeadReader.MOST_VALUES + 1));
        assertThat(recorder.seen.get(HeadReader.MOST_VALUES)).isEqualTo("query p999=1");
        assertThat(recorder.seen.get(HeadReader.MOST_VALUES + 1))
                .startsWith("query =p1000=1&p1001=1")
                .endsWith("&q=attack");
    }

    @Test
    void noByteOfAQueryEscapesTheVisitor() {
        SplittableRandom random = new SplittableRandom(7);
        String alphabet = "ab&&==%5B[.]_-'+;/?#\u00e9";
        for (int i = 0; i < 20_000; i++) {
            String query = random.ints(random.nextInt(30), 0, alphabet.length())
                    .mapToObj(at -> alphabet.substring(at, at + 1))
                    .collect(Collectors.joining());
            RequestHead head = RequestHead.of("GET", "/?" + query);
            boolean[] visited = new boolean[head.bytes().length];
            new HeadReader().read(head, new ValueVisitor() {
                @Override
                public void begin(Place place, byte[] bytes, int nameFrom, int nameTo) {
                    Arrays.fill(visited, nameFrom, nameTo, true);
                }

                @Override
                public void more(byte[] bytes, int from, int to) {
                    if (bytes.length > 1) { // a comma between values comes from elsewhere
                        Arrays.fill(visited, from, to, true);
                    }
                }

                @Override
                public void end() {}
            });
            int at = head.queryStart();
            for (String pair : query.split("&", -1)) {
                boolean nameAlone = pair.matches("([a-zA-Z5_.\\-\\[\\]]|%5B)*=");
                for (int end = at + pair.length(); at < end; at++) {
                    assertThat(visited[at] || nameAlone || head.bytes()[at] == '=')
                            .as(query)
                            .isTrue();
                }
                at++;
            }
        }
    }

    @Test
    void readingAllocatesNothing() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        HeadReader reader = new HeadReader();
        RequestHead head = RequestHead.of("GET", "/a?b=c&b=d&e'=f", "Host", "a.example", "Cookie", "g=h; i");
        ValueVisitor nobody = new ValueVisitor() {
            @Override
            public void begin(Place place, byte[] bytes, int nameFrom, int nameTo) {}

            @Override
            public void more(byte[] bytes, int from, int to) {}

            @Override
            public void end() {}
        };
        long allocated = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 20 && allocated > 0; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1_000; i++) {
                reader.read(head, nobody);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated).isZero();
    }
}
