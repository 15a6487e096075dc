package pt.sunbeam.detector.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import pt.sunbeam.detector.audit.AuditRecord.Place;
import pt.sunbeam.detector.body.BodyReader;
import pt.sunbeam.detector.http.RequestHead;

class BodyShapeTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";
    private static final Redaction REDACTION = new Redaction(Set.of("page"), false, new byte[16]);

    @Test
    void eachFieldOfAFormHasAShape() {
        assertThat(shape(FORM, "user=Ann+B&id=42&e=%41&bad=%4x%&page=2&4f9a1c7be2d05836=1", 1_000))
                .extracting(Place::place, Place::name, Place::classes, Place::lengthBucket)
                .containsExactly(
                        tuple("form", "user", 2 | 4 | 8, 3),
                        tuple("form", "id", 1, 2),
                        tuple("form", "e", 64, 2),
                        tuple("form", "bad", 1 | 2 | 32, 3),
                        tuple("form", "page", 1, 1),
                        tuple("form", "*", 1, 1));
    }

    @Test
    void eachLeafOfJsonHasAShapeNumbersAndWordsToo() {
        assertThat(shape(JSON, "{\"a\":{\"b\":\"x y\"},\"n\":[-12.5,7],\"t\":true,\"o\":null,\"s\":\"1\"} 99", 1_000))
                .extracting(Place::place, Place::name, Place::classes, Place::lengthBucket)
                .containsExactly(
                        tuple("json", "b", 2 | 8, 2),
                        tuple("json", "n", 1 | 16, 3),
                        tuple("json", "n", 1, 1),
                        tuple("json", "t", 2, 3),
                        tuple("json", "o", 2, 3),
                        tuple("json", "s", 1, 1),
                        tuple("json", "", 1, 2));
    }

    @Test
    void aNumberLongerThanAnyIsCut() {
        assertThat(shape(JSON, "{\"n\":" + "1".repeat(1_000) + "}", 1_000))
                .containsExactly(new Place("json", "n", 1, 6, hash("1".repeat(32))));
    }

    @Test
    void howABodyIsCutMakesNoDifference() {
        for (var type : List.of(FORM, JSON)) {
            String body = type.equals(FORM)
                    ? "a=%41%4x%%42+&b=" + "x".repeat(2_000) + "&c=%"
                    : "{\"a\":\"%41\\u0041\",\"n\":[123456,-1e9,false],\"l\":\"" + "y".repeat(2_000) + "\"}";
            var whole = shape(type, body, body.length());
            assertThat(whole).isNotEmpty();
            for (int piece : new int[] {1, 2, 3, 7, 100, 1_024}) {
                assertThat(shape(type, body, piece)).as("pieces of %d", piece).isEqualTo(whole);
            }
        }
    }

    @Test
    void aValueHasOneHashWhereverItStands() {
        var ofHead = REDACTION.shape(RequestHead.of("GET", "/?q=winter", "X-Season", "winter"));
        var ofBody = shape(FORM, "q=winter", 1_000);
        assertThat(ofHead)
                .hasSize(2)
                .allMatch(place -> place.hash() == ofBody.getFirst().hash());
        String start = "z".repeat(1_024);
        assertThat(shape(FORM, "a=" + start + "1&b=" + start + "22", 100))
                .extracting(Place::hash)
                .containsOnly(hash(start));
    }

    @Test
    void whatTheHeadHasComesFirstAndAFloodIsCut() {
        var ofHead = REDACTION.shape(RequestHead.of("POST", "/?a=1"));
        var shape = REDACTION.bodyShape();
        assertThat(shape.behind(ofHead)).isSameAs(ofHead);
        read(shape, FORM, "b=2&".repeat(1_000), 1_000);
        assertThat(shape.behind(ofHead))
                .hasSize(65)
                .startsWith(ofHead.getFirst())
                .endsWith(shape(FORM, "b=2", 10).getFirst());
    }

    private static int hash(String value) {
        return shape(FORM, "x=" + value, value.length() + 2).getFirst().hash();
    }

    private static List<Place> shape(String type, String body, int piece) {
        var shape = REDACTION.bodyShape();
        read(shape, type, body, piece);
        return shape.behind(List.of());
    }

    private static void read(BodyShape shape, String type, String body, int piece) {
        var reader = new BodyReader(shape);
        byte[] bytes = body.getBytes(ISO_8859_1);
        reader.begin(RequestHead.of("POST", "/", "Content-Type", type), Long.MAX_VALUE);
        for (int from = 0; from < bytes.length; from += piece) {
            reader.feed(bytes, from, Math.min(from + piece, bytes.length));
        }
        reader.end();
    }
}
