package pt.sunbeam.proxy.wire.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Responses by name, each with the rule that decides it, read whole, byte by byte, and cut at each position. */
class ResponseCasesTest {
    /** @param reading in the words of {@link Reading} */
    record Case(String name, String rule, String method, String bytes, String reading) {
        @Override
        public String toString() {
            return name + " (" + rule + ")";
        }
    }

    private static Case of(String name, String rule, String reading, String bytes) {
        return new Case(name, rule, "GET", bytes, reading);
    }

    private static Case refused(String name, String rule, Refusal refusal, String bytes) {
        return new Case(name, rule, "GET", bytes, "REFUSED " + refusal);
    }

    private static String response(String status, String... lines) {
        String fields = lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
        return "HTTP/1.1 " + status + "\r\n" + fields + "\r\n";
    }

    static Stream<Case> cases() {
        return Stream.of(framing(), statusLines(), ambiguous()).flatMap(part -> part);
    }

    private static Stream<Case> framing() {
        String section = "RFC 9112 section 6.3";
        String length = "Content-Length: 3";
        String chunked = "Transfer-Encoding: chunked";
        return Stream.of(
                of("a length", section, "200 [abc]", response("200 OK", length) + "abc"),
                of("chunks", section, "200 [abc]", response("200 OK", chunked) + "3\r\nabc\r\n0\r\n\r\n"),
                of("trailers", section, "200 [] {A=b}", response("200 OK", chunked) + "0\r\nA: b\r\n\r\n"),
                of("content to the connection's end", section, "200 [abc]!", response("200 OK") + "abc"),
                of("no content to the connection's end", section, "200 []!", response("200 OK")),
                of(
                        "two in a row",
                        section,
                        "200 [abc] 404 []",
                        response("200 OK", length) + "abc" + response("404 Not Found", "Content-Length: 0")),
                new Case(
                        "the answer to HEAD",
                        section,
                        "HEAD",
                        response("200 OK", length) + response("200 OK", chunked),
                        "200 [] 200 []"),
                of(
                        "204",
                        section,
                        "204 [] 204 []",
                        response("204 No Content") + response("204 No Content", "Content-Length: 0")),
                of(
                        "304 with the length of what there is",
                        section,
                        "304 [] 304 []",
                        response("304 Not Modified", length) + response("304 Not Modified", chunked)),
                of(
                        "100 and then the answer",
                        "RFC 9110 section 15.2",
                        "100 [] 200 [abc]",
                        response("100 Continue") + response("200 OK", length) + "abc"),
                of(
                        "103 and then the answer",
                        "RFC 8297 section 2",
                        "103 [] 200 [abc]",
                        response("103 Early Hints", "Link: </a>") + response("200 OK", length) + "abc"),
                of(
                        "101",
                        "RFC 9110 section 15.2.2",
                        "101 TUNNEL",
                        response("101 Switching Protocols", "Upgrade: websocket") + "raw"),
                new Case("the answer to CONNECT", section, "CONNECT", response("200 OK", length) + "raw", "200 TUNNEL"),
                new Case("CONNECT refused", section, "CONNECT", response("403 Forbidden", length) + "abc", "403 [abc]"),
                of(
                        "the end in a length",
                        "RFC 9112 section 8",
                        "200 REFUSED CUT_SHORT",
                        response("200 OK", length) + "ab"),
                of(
                        "the end in chunks",
                        "RFC 9112 section 8",
                        "200 REFUSED CUT_SHORT",
                        response("200 OK", chunked) + "3\r\nabc\r\n"),
                of("the end in a head", "RFC 9112 section 8", "...", "HTTP/1.1 200 OK\r\nA: b\r\n"),
                of(
                        "close",
                        "RFC 9112 section 9.3",
                        "200 [abc]!",
                        response("200 OK", length, "Connection: close") + "abc"),
                of("HTTP/1.0", "RFC 9112 section 9.3", "200 [abc]!", "HTTP/1.0 200 OK\r\n" + length + "\r\n\r\nabc"),
                of(
                        "HTTP/1.0 with keep-alive",
                        "RFC 9112 section 9.3",
                        "200 [abc]",
                        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + length + "\r\n\r\nabc"),
                of(
                        "HTTP/1.0 with keep-alive and no length",
                        "RFC 9112 section 9.3",
                        "200 [abc]!",
                        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nabc"));
    }

    private static Stream<Case> statusLines() {
        String section = "RFC 9112 section 4";
        String length = "Content-Length: 0";
        return Stream.of(
                of("no reason", section, "200 []", response("200 ", length)),
                of("no reason and no space", section, "200 []", response("200", length)),
                of("a reason with high bytes", section, "200 []", response("200 d\351j\340 vu", length)),
                of("a status of no standing", "RFC 9110 section 15", "599 []", response("599 x", length)),
                refused("four digits", section, Refusal.STATUS_LINE, response("2000 OK", length)),
                refused("two digits", section, Refusal.STATUS_LINE, response("20 OK", length)),
                refused("a status below 100", "RFC 9110 section 15", Refusal.STATUS_LINE, response("099 x", length)),
                refused("a status of 600", "RFC 9110 section 15", Refusal.STATUS_LINE, response("600 x", length)),
                refused("a status in letters", section, Refusal.STATUS_LINE, response("2OO OK", length)),
                refused("two spaces", section, Refusal.STATUS_LINE, response(" 200 OK", length)),
                refused("CR in the reason", section, Refusal.BARE_CR, response("200 O\rK", length)),
                refused("NUL in the reason", section, Refusal.CONTROL, response("200 O\0K", length)),
                refused("HTTP/2.0", "RFC 9112 section 2.3", Refusal.VERSION_UNSUPPORTED, "HTTP/2.0 200 OK\r\n\r\n"),
                refused("HTTP/1.2", "RFC 9112 section 2.3", Refusal.VERSION_UNSUPPORTED, "HTTP/1.2 200 OK\r\n\r\n"),
                refused("another protocol", "RFC 9112 section 2.3", Refusal.VERSION, "SSH-2.0-OpenSSH_9.2p1\r\n"),
                refused("ICY", "RFC 9112 section 2.3", Refusal.VERSION, "ICY 200 OK\r\n\r\n"),
                refused("an empty line before", section, Refusal.VERSION, "\r\n" + response("200 OK", length)),
                refused("a line without end", section, Refusal.STATUS_LINE, "HTTP/1.1 200 " + "a".repeat(400)));
    }

    private static Stream<Case> ambiguous() {
        String section = "RFC 9112 section 6.3";
        return Stream.of(
                refused(
                        "a length and chunks",
                        section,
                        Refusal.LENGTH_AND_CODING,
                        response("200 OK", "Content-Length: 3", "Transfer-Encoding: chunked")),
                refused(
                        "two lengths",
                        section,
                        Refusal.LENGTH_REPEATED,
                        response("200 OK", "Content-Length: 3", "Content-Length: 4")),
                refused(
                        "a list of lengths",
                        section,
                        Refusal.LENGTH_INVALID,
                        response("200 OK", "Content-Length: 3, 3")),
                refused(
                        "a coding that is not final",
                        section,
                        Refusal.CODING_INVALID,
                        response("200 OK", "Transfer-Encoding: chunked, gzip")),
                refused(
                        "an unknown coding",
                        section,
                        Refusal.CODING_UNKNOWN,
                        response("200 OK", "Transfer-Encoding: gzip")),
                refused(
                        "chunks in HTTP/1.0",
                        "RFC 9112 section 6.1",
                        Refusal.CODING_IN_1_0,
                        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                refused(
                        "204 with a length",
                        "RFC 9110 section 8.6",
                        Refusal.CONTENT_FORBIDDEN,
                        response("204 No Content", "Content-Length: 3") + "abc"),
                refused(
                        "204 with chunks",
                        "RFC 9112 section 6.1",
                        Refusal.CONTENT_FORBIDDEN,
                        response("204 No Content", "Transfer-Encoding: chunked") + "0\r\n\r\n"),
                refused(
                        "100 with a length",
                        "RFC 9110 section 8.6",
                        Refusal.CONTENT_FORBIDDEN,
                        response("100 Continue", "Content-Length: 3") + "abc"),
                refused(
                        "103 with chunks",
                        "RFC 9112 section 6.1",
                        Refusal.CONTENT_FORBIDDEN,
                        response("103 Early Hints", "Transfer-Encoding: chunked")),
                refused("LF alone", "RFC 9112 section 2.2", Refusal.BARE_LF, "HTTP/1.1 200 OK\nContent-Length: 0\n\n"),
                refused("a folded field", "RFC 9112 section 5.2", Refusal.FOLD, response("200 OK", "A: b", " c")),
                refused(
                        "a space before a colon",
                        "RFC 9112 section 5.1",
                        Refusal.SPACE_BEFORE_COLON,
                        response("200 OK", "A : b")),
                refused("NUL in a value", "RFC 9110 section 5.5", Refusal.CONTROL, response("200 OK", "A: \0")),
                refused(
                        "17 fields",
                        "RFC 6585 section 5",
                        Refusal.TOO_MANY_FIELDS,
                        response("200 OK", "A: b\r\n".repeat(16) + "A: b")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isReadTheSameWayHoweverItIsCut(Case example) {
        byte[] bytes = example.bytes().getBytes(ISO_8859_1);
        String method = example.method();
        assertThat(Reading.responses(method, bytes)).isEqualTo(example.reading());
        assertThat(Reading.responses(
                        method, bytes, IntStream.range(0, bytes.length).toArray()))
                .as("byte by byte")
                .isEqualTo(example.reading());
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(Reading.responses(method, bytes, cut))
                    .as("cut at %d", cut)
                    .isEqualTo(example.reading());
        }
    }
}
