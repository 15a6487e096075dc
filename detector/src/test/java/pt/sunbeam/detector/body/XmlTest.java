package pt.sunbeam.detector.body;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XmlTest {
    private static final String XML = "application/xml";

    @Test
    void textAndAttributesStandUnderTheirNames() {
        var reading = Values.of("application/soap+xml; charset=utf-8", """
                <?xml version="1.0" encoding="UTF-8"?>
                <s:Envelope xmlns:s='http://x/'><s:Body id = "1"/>
                <user >O'Brien &amp; <b>sons</b> tail</user></s:Envelope>
                """);
        assertThat(reading.values())
                .containsExactly(
                        "xml version=1.0",
                        "xml encoding=UTF-8",
                        "xml xmlns:s=http://x/",
                        "xml id=1",
                        "xml user=O'Brien &amp; ",
                        "xml b=sons",
                        "xml =tail");
        assertThat(reading.anomalies()).isZero();
    }

    @Test
    void aDocumentTypeIsOneValueWithAllThatItDeclares() {
        String declared = """
                <!DOCTYPE foo [ <!ELEMENT foo ANY> <!-- > --> <!ENTITY x SYSTEM "file:///etc/passwd?]>"> <!ENTITY y '<z>'> ]>""";
        assertThat(Values.of(XML, declared + "<foo>&x;</foo>").values())
                .containsExactly("xml =" + declared, "xml foo=&x;");
    }

    @Test
    void sectionsCommentsAndInstructionsAreValues() {
        var reading = Values.of(XML, "<a><![CDATA[ 1]] > 2]]]></a><!-- or - 1 ---><?php system('id') ?>");
        assertThat(reading.values()).containsExactly("xml a= 1]] > 2]", "xml = or - 1 -", "xml =<?php system('id') ");
        assertThat(reading.anomalies()).isZero();
    }

    @Test
    void whatRunsAsAScriptIsVisitedWithItsMarkup() {
        assertThat(Values.of(XML, "<svg onload=\"alert(1)\"><svg:SCRIPT>x</svg:SCRIPT></svg>")
                        .values())
                .containsExactly("xml onload=onload=alert(1)", "xml =<script", "xml svg:SCRIPT=x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a x=1 or 1=1>",
                "<img src onerror=alert(1)>",
                "<a 'or 1>",
                "</a' or 1>",
                "< script>alert(1)</script>",
                "<!'or 1",
                "<!-or 1",
                "<![CDAT[or 1",
                "<a/or 1",
            })
    void whatIsNotXmlIsReadAsTextFromBeforeTheBreak(String body) {
        var reading = Values.of(XML, body);
        assertThat(reading.values()).contains("text =" + body);
        assertThat(reading.anomalies()).isEqualTo(BodyAnomaly.MALFORMED.bit());
    }

    @ParameterizedTest
    @ValueSource(strings = {"<a>", "<a", "<a x='1", "<!-- -", "<![CDATA[ ]]", "<!DOCTYPE x [", "<?x ?", "<"})
    void whatBreaksOffIsMalformed(String body) {
        assertThat(Values.of(XML, body).anomalies()).isEqualTo(BodyAnomaly.MALFORMED.bit());
    }

    @Test
    void deepNestingIsAnAnomalyAndReadOn() {
        var reading = Values.of(XML, "<a>".repeat(65) + "x" + "</a>".repeat(65));
        assertThat(reading.values()).containsExactly("xml a=x");
        assertThat(reading.anomalies()).isEqualTo(BodyAnomaly.NESTING.bit());
    }

    @ParameterizedTest
    @ValueSource(strings = {"utf-7", "UTF-16", "IBM037"})
    void anEncodingThatTheBytesAreNotReadInIsAnAnomaly(String encoding) {
        assertThat(Values.of(XML, "<?xml version='1.0' encoding='" + encoding + "'?><a/>")
                        .anomalies())
                .isEqualTo(BodyAnomaly.CHARSET.bit());
    }

    @Test
    void markupOutsideOfXmlStaysMarkup() {
        assertThat(Values.of("text/plain", "<script>alert(1)</script>").values())
                .containsExactly("text =<script>alert(1)</script>");
    }
}
