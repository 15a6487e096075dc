package pt.sunbeam.detector.body;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final String JSON = "application/json";

    @Test
    void stringsStandUnderTheNameOfTheirMember() {
        var reading = Values.of(JSON, """
                {"a": "x", "n": -1.5e+3, "t": [true, false, null], "list": ["1", "2"], "o": {"in": "y"}, "z": {}, "e": []}
                """);
        assertThat(reading.values()).containsExactly("json a=x", "json list=1", "json list=2", "json in=y");
        assertThat(reading.anomalies()).isZero();
    }

    @Test
    void escapesStayAndEndNoString() {
        assertThat(Values.of(JSON, "{\"a\":\"x\\\"y\\\\\",\"b\":\"\\u0027\"}").values())
                .containsExactly("json a=x\\\"y\\\\", "json b=\\u0027");
    }

    @Test
    void aNameThatCouldHoldMoreIsAValueToo() {
        assertThat(Values.of(JSON, "{\"$where\":\"1\", \"a b\":2}").values())
                .containsExactly("json =$where", "json $where=1", "json =a b");
    }

    @Test
    void whatFollowsAContainerInAListHasNoName() {
        assertThat(Values.of(JSON, "{\"l\":[\"1\",{\"k\":\"2\"},\"3\"]}").values())
                .containsExactly("json l=1", "json k=2", "json =3");
    }

    @Test
    void linesOfJsonAreReadOneAfterTheOther() {
        var reading = Values.of("application/x-ndjson", "{\"a\":\"1\"}\n{\"a\":\"2\"}\n\"3\" 4");
        assertThat(reading.values()).containsExactly("json a=1", "json a=2", "json =3");
        assertThat(reading.anomalies()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1 or 1=1}",
                "{a:'x'}",
                "{\"a\":tru or}",
                "[1}' or 1",
                "{\"a\",\"' or 1\"}",
                "[1,/**/\"' or 1\"]",
                "' or 1=1",
            })
    void whatIsNotJsonIsReadAsTextFromBeforeTheBreak(String body) {
        var reading = Values.of(JSON, body);
        assertThat(reading.values()).contains("text =" + body);
        assertThat(reading.anomalies()).isEqualTo(BodyAnomaly.MALFORMED.bit());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":\"x", "{\"a", "{\"a\":", "[\"x\"", "nul"})
    void whatBreaksOffIsMalformed(String body) {
        assertThat(Values.of(JSON, body).anomalies()).isEqualTo(BodyAnomaly.MALFORMED.bit());
    }

    @Test
    void belowSixtyFourLevelsStringsAreStillFound() {
        String body = "[".repeat(100) + "{\"k\":\"deep\"}" + "]".repeat(100);
        var reading = Values.of(JSON, body);
        assertThat(reading.values()).containsExactly("json =k", "json =deep");
        assertThat(reading.anomalies()).isEqualTo(BodyAnomaly.NESTING.bit());
        assertThat(Values.of(JSON, "[".repeat(64) + "\"x\"" + "]".repeat(64)).anomalies())
                .isZero();
    }

    @Test
    void belowSixtyFourLevelsWhatIsNoStringIsTextToo() {
        assertThat(Values.of(JSON, "[".repeat(70) + "' or 1=1").values())
                .containsExactly("text =" + "[".repeat(70) + "' or 1=1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text/plain", "application/octet-stream", "application/vnd.api+json", "text/json"})
    void jsonIsKnownByItsLooks(String type) {
        assertThat(Values.of(type, "\ufeff \n{\"a\":\"1\"}".replace("\ufeff", "\u00ef\u00bb\u00bf"))
                        .values())
                .containsExactly("json a=1");
    }
}
