package pt.sunbeam.proxy.headers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pt.sunbeam.config.HeaderRules;
import pt.sunbeam.proxy.message.Field;

class FieldRulesTest {
    private static final FieldRules.Variables VALUES =
            new FieldRules.Variables("192.0.2.1", "shop.example{scheme}", "https", "id-1");

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "plain | plain",
                "{client_ip}/{request_id} | 192.0.2.1/id-1",
                "{host} | shop.example{scheme}", // what a client sent is not filled in turn
                "{scheme}://{other}{ | https://{other}{",
                "{{scheme}} | {https}",
                "{\"a\":{\"b\":1}} | {\"a\":{\"b\":1}}",
            })
    void namesInBracesAreFilledOnce(String value, String filled) {
        assertThat(set(value).apply(List.of(), VALUES)).containsExactly(new Field("X-A", filled));
    }

    @Test
    void whatIsSetTakesThePlaceOfAllFieldsOfItsName() {
        var fields = List.of(new Field("x-a", "1"), new Field("X-B", "2"), new Field("X-A", "3"));
        assertThat(set("new").apply(fields, VALUES)).containsExactly(new Field("X-B", "2"), new Field("X-A", "new"));
    }

    private static FieldRules set(String value) {
        return new FieldRules(
                new HeaderRules(List.of(), List.of(new HeaderRules.Field("X-A", value)), List.of()), null);
    }
}
