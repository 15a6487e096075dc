package pt.sunbeam.proxy.wire.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests by name, each with the rule that decides it, read whole, byte by byte, and cut at each position. */
class RequestCasesTest {
    /** @param reading in the words of {@link Reading} */
    record Case(String name, String rule, String bytes, String reading) {
        @Override
        public String toString() {
            return name + " (" + rule + ")";
        }
    }

    private static Case of(String name, String rule, String reading, String bytes) {
        return new Case(name, rule, bytes, reading);
    }

    private static Case refused(String name, String rule, Refusal refusal, String bytes) {
        return new Case(name, rule, bytes, "REFUSED " + refusal);
    }

    private static Case refusedContent(String name, String rule, Refusal refusal, String chunks) {
        return new Case(name, rule, chunked(chunks), "POST / REFUSED " + refusal);
    }

    private static String line(String requestLine) {
        return requestLine + "\r\nHost: a\r\n\r\n";
    }

    private static String fields(String... lines) {
        return "GET / HTTP/1.1\r\nHost: a\r\n" + String.join("\r\n", lines) + "\r\n\r\n";
    }

    private static String host(String... lines) {
        return "GET / HTTP/1.1\r\n" + String.join("\r\n", lines) + "\r\n\r\n";
    }

    private static String target(String target, String host) {
        return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    private static String post(String... lines) {
        return "POST / HTTP/1.1\r\nHost: a\r\n" + String.join("\r\n", lines) + "\r\n\r\n";
    }

    private static String chunked(String chunks) {
        return post("Transfer-Encoding: chunked") + chunks;
    }

    private static Case coding(String value, Refusal refusal) {
        String name = "TE.TE: \"" + value.replace("\t", "TAB").replace("\r\n", " / ") + "\"";
        return refused(name, "RFC 9112 section 6.1", refusal, post("Transfer-Encoding:" + value) + "0\r\n\r\n");
    }

    private static Case length(String value) {
        return refused(
                "Content-Length \"" + value + "\"",
                "RFC 9110 section 8.6",
                Refusal.LENGTH_INVALID,
                post("Content-Length: " + value) + "12345678");
    }

    private static Case invalidHost(String value) {
        return refused("Host \"" + value + "\"", "RFC 9110 section 7.2", Refusal.HOST_INVALID, host("Host: " + value));
    }

    private static Case validHost(String value) {
        return of("Host \"" + value + "\"", "RFC 9110 section 7.2", "GET / []", host("Host: " + value));
    }

    static Stream<Case> cases() {
        return Stream.of(
                        messages(),
                        smuggling(),
                        codings(),
                        lengths(),
                        lines(),
                        requestLines(),
                        targets(),
                        hosts(),
                        fieldLines(),
                        chunks(),
                        trailers(),
                        limits(),
                        connections())
                .flatMap(part -> part);
    }

    private static Stream<Case> messages() {
        return Stream.of(
                of("a GET", "RFC 9112 section 2.1", "GET / []", fields("Accept: */*")),
                of("a length", "RFC 9112 section 6.2", "POST / [hello]", post("Content-Length: 5") + "hello"),
                of("a length of 0", "RFC 9112 section 6.2", "POST / []", post("Content-Length: 0")),
                of(
                        "a length with zeros before it",
                        "RFC 9110 section 8.6",
                        "POST / [abc]",
                        post("Content-Length: 0003") + "abc"),
                of("a GET with content", "RFC 9110 section 9.3.1", "GET / [abc]", fields("Content-Length: 3") + "abc"),
                of("a POST without content", "RFC 9112 section 6.3", "POST / []", post("X: y")),
                of("a chunk", "RFC 9112 section 7.1", "POST / [hello]", chunked("5\r\nhello\r\n0\r\n\r\n")),
                of("two in a row", "RFC 9112 section 9.3.2", "GET / [] GET / []", fields("X: 1") + fields("X: 2")),
                of(
                        "one behind content",
                        "RFC 9112 section 9.3.2",
                        "POST / [abc] GET / []",
                        post("Content-Length: 3") + "abc" + fields("X: y")),
                of(
                        "one behind chunks",
                        "RFC 9112 section 9.3.2",
                        "POST / [abc] GET / []",
                        chunked("3\r\nabc\r\n0\r\n\r\n") + fields("X: y")),
                of(
                        "the field names in another case",
                        "RFC 9110 section 5.1",
                        "POST / [abc]",
                        "POST / HTTP/1.1\r\nhOST: a\r\ncONTENT-lENGTH: 3\r\n\r\nabc"),
                of(
                        "no space behind the colon",
                        "RFC 9112 section 5",
                        "POST / [abc]",
                        "POST / HTTP/1.1\r\nHost:a\r\nContent-Length:3\r\n\r\nabc"),
                of(
                        "white space around values",
                        "RFC 9112 section 5.1",
                        "POST / [abc]",
                        "POST / HTTP/1.1\r\nHost: \t a \t\r\nContent-Length: \t3 \r\n\r\nabc"),
                of("an empty value", "RFC 9110 section 5.5", "GET / []", fields("X:")),
                of("a value of white space", "RFC 9110 section 5.5", "GET / []", fields("X: \t ")),
                of("obs-text in a value", "RFC 9110 section 5.5", "GET / []", fields("X: caf\351")),
                of("tab in a value", "RFC 9110 section 5.5", "GET / []", fields("X: a\tb")),
                of(
                        "all of a token's characters",
                        "RFC 9110 section 5.6.2",
                        "GET / []",
                        fields("!#$%&'*+-.^_`|~09azAZ: b")),
                of("a field of nginx's bad names", "RFC 9110 section 5.1", "GET / []", fields("X_Real_IP: b")),
                of("an extension method", "RFC 9110 section 9.1", "PROPFIND / []", line("PROPFIND / HTTP/1.1")),
                of("a method with a hyphen", "RFC 9110 section 9.1", "M-SEARCH / []", line("M-SEARCH / HTTP/1.1")),
                of("an empty line before", "RFC 9112 section 2.2", "GET / []", "\r\n" + fields("X: y")),
                of(
                        "an empty line between",
                        "RFC 9112 section 2.2",
                        "POST / [abc] GET / []",
                        post("Content-Length: 3") + "abc\r\n" + fields("X: y")),
                of("the end in a request line", "RFC 9112 section 8", "...", "GET / HT"),
                of("the end behind the fields", "RFC 9112 section 8", "...", "GET / HTTP/1.1\r\nHost: a\r\n"),
                of(
                        "the end in a length",
                        "RFC 9112 section 8",
                        "POST / REFUSED CUT_SHORT",
                        post("Content-Length: 9") + "abc"),
                of("the end in a chunk", "RFC 9112 section 8", "POST / REFUSED CUT_SHORT", chunked("9\r\nabc")),
                of("the end behind a chunk", "RFC 9112 section 8", "POST / REFUSED CUT_SHORT", chunked("3\r\nabc\r\n")),
                of("the end in the last chunk", "RFC 9112 section 8", "POST / REFUSED CUT_SHORT", chunked("0\r\n")),
                of("the end in a trailer", "RFC 9112 section 8", "POST / REFUSED CUT_SHORT", chunked("0\r\nX: y\r\n")));
    }

    private static Stream<Case> smuggling() {
        String smuggled = "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n";
        return Stream.of(
                refused(
                        "CL.TE",
                        "RFC 9112 section 6.3",
                        Refusal.LENGTH_AND_CODING,
                        post("Content-Length: 6", "Transfer-Encoding: chunked") + "0\r\n\r\nG"),
                refused(
                        "TE.CL",
                        "RFC 9112 section 6.3",
                        Refusal.LENGTH_AND_CODING,
                        post("Transfer-Encoding: chunked", "Content-Length: 4")
                                + "5c\r\nGPOST / HTTP/1.1\r\n\r\n0\r\n\r\n"),
                refused(
                        "CL.TE with a length of 0",
                        "RFC 9112 section 6.3",
                        Refusal.LENGTH_AND_CODING,
                        post("Content-Length: 0", "Transfer-Encoding: chunked") + "0\r\n\r\n" + smuggled),
                refused(
                        "CL.TE with an invalid length",
                        "RFC 9112 section 6.3",
                        Refusal.LENGTH_AND_CODING,
                        post("Content-Length: x", "Transfer-Encoding: chunked") + "0\r\n\r\n"),
                refused(
                        "CL.TE with an unknown coding",
                        "RFC 9112 section 6.3",
                        Refusal.LENGTH_AND_CODING,
                        post("Content-Length: 5", "Transfer-Encoding: xchunked") + "0\r\n\r\n"),
                of(
                        "CL.0: what is declared is content",
                        "RFC 9112 section 6.3",
                        "POST / [" + smuggled + "]",
                        post("Content-Length: " + smuggled.length()) + smuggled),
                of(
                        "0.CL: what is not declared is the next request",
                        "RFC 9112 section 6.3",
                        "GET / [] GET /admin []",
                        fields("X: y") + smuggled),
                of(
                        "CL.0 on a GET",
                        "RFC 9112 section 6.3",
                        "GET / [" + smuggled + "] GET / []",
                        fields("Content-Length: " + smuggled.length()) + smuggled + fields("X: y")),
                refused(
                        "TE.0 on OPTIONS with HTTP/1.0",
                        "RFC 9112 section 6.1",
                        Refusal.CODING_IN_1_0,
                        "OPTIONS / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                refused(
                        "HTTP/1.0 with chunked and keep-alive",
                        "RFC 9112 section 6.1",
                        Refusal.CODING_IN_1_0,
                        "POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                refused(
                        "CL.CL",
                        "RFC 9112 section 6.3",
                        Refusal.LENGTH_REPEATED,
                        post("Content-Length: 0", "Content-Length: 44") + smuggled),
                refused(
                        "CL.CL that agree",
                        "RFC 9112 section 6.3",
                        Refusal.LENGTH_REPEATED,
                        post("Content-Length: 3", "Content-Length: 3") + "abc"),
                refused(
                        "CL.CL in other cases",
                        "RFC 9112 section 6.3",
                        Refusal.LENGTH_REPEATED,
                        post("Content-Length: 3", "content-length: 3") + "abc"),
                refused(
                        "Content_Length",
                        "RFC 3875 section 4.1.18",
                        Refusal.FRAMING_LOOKALIKE,
                        post("Content_Length: 3") + "abc"),
                refused(
                        "content.length",
                        "RFC 3875 section 4.1.18",
                        Refusal.FRAMING_LOOKALIKE,
                        post("content.length: 3") + "abc"),
                refused(
                        "Transfer_Encoding",
                        "RFC 3875 section 4.1.18",
                        Refusal.FRAMING_LOOKALIKE,
                        post("Content-Length: 3", "Transfer_Encoding: chunked") + "abc"),
                of(
                        "a name that only begins like a length",
                        "RFC 9110 section 5.1",
                        "GET / []",
                        fields("Content-Lengths: 3")),
                refused(
                        "a coding behind a space",
                        "RFC 9112 section 5.1",
                        Refusal.SPACE_BEFORE_COLON,
                        post("Content-Length: 3", "Transfer-Encoding : chunked") + "abc"),
                refused(
                        "a coding behind a tab",
                        "RFC 9112 section 5.1",
                        Refusal.SPACE_BEFORE_COLON,
                        post("Content-Length: 3", "Transfer-Encoding\t: chunked") + "abc"),
                refused(
                        "a coding in a folded line",
                        "RFC 9112 section 5.2",
                        Refusal.FOLD,
                        post("Content-Length: 3", "X: y", " Transfer-Encoding: chunked") + "abc"),
                refused(
                        "a coding behind LF",
                        "RFC 9112 section 2.2",
                        Refusal.BARE_LF,
                        post("Content-Length: 3", "X: y\nTransfer-Encoding: chunked") + "abc"),
                refused(
                        "a coding behind CR",
                        "RFC 9112 section 2.2",
                        Refusal.BARE_CR,
                        post("Content-Length: 3", "X: y\rTransfer-Encoding: chunked") + "abc"),
                refused(
                        "a coding behind NUL",
                        "RFC 9110 section 5.5",
                        Refusal.CONTROL,
                        post("Content-Length: 3", "X: y\0Transfer-Encoding: chunked") + "abc"),
                refused(
                        "a coding with NUL in its name",
                        "RFC 9110 section 5.1",
                        Refusal.CONTROL,
                        post("Transfer\0-Encoding: chunked")),
                refused(
                        "a coding with a vertical tab",
                        "RFC 9110 section 5.5",
                        Refusal.CONTROL,
                        post("Transfer-Encoding: \13chunked")),
                refused(
                        "a coding with a form feed",
                        "RFC 9110 section 5.5",
                        Refusal.CONTROL,
                        post("Transfer-Encoding: chunked\f")),
                refused(
                        "a coding with a quote before it",
                        "RFC 9110 section 5.1",
                        Refusal.FIELD_NAME,
                        post("\"Transfer-Encoding: chunked")));
    }

    private static Stream<Case> codings() {
        return Stream.concat(
                Stream.of(
                        of(
                                "a coding in capitals",
                                "RFC 9112 section 7",
                                "POST / []",
                                post("TRANSFER-ENCODING: CHUNKED") + "0\r\n\r\n"),
                        of(
                                "a coding without space",
                                "RFC 9112 section 6.1",
                                "POST / []",
                                post("Transfer-Encoding:chunked") + "0\r\n\r\n")),
                Stream.of(
                        coding(" chunked, chunked", Refusal.CODING_INVALID),
                        coding(" chunked\r\nTransfer-Encoding: chunked", Refusal.CODING_INVALID),
                        coding(" chunked, identity", Refusal.CODING_INVALID),
                        coding(" chunked\r\nTransfer-Encoding: identity", Refusal.CODING_INVALID),
                        coding(" chunked, gzip", Refusal.CODING_INVALID),
                        coding(" chunked\r\nTransfer-Encoding: x", Refusal.CODING_INVALID),
                        coding(" chunked,", Refusal.CODING_INVALID),
                        coding(" ,chunked", Refusal.CODING_INVALID),
                        coding(",", Refusal.CODING_INVALID),
                        coding("", Refusal.CODING_INVALID),
                        coding(" \t", Refusal.CODING_INVALID),
                        coding(" \"chunked\"", Refusal.CODING_INVALID),
                        coding(" 'chunked'", Refusal.CODING_UNKNOWN),
                        coding(" chunked;q=1", Refusal.CODING_INVALID),
                        coding(" chunked x", Refusal.CODING_INVALID),
                        coding(" x chunked", Refusal.CODING_INVALID),
                        coding(" [chunked]", Refusal.CODING_INVALID),
                        coding(" chunked\377", Refusal.CODING_INVALID),
                        coding(" chunke\344d", Refusal.CODING_INVALID),
                        coding("\r\nTransfer-Encoding: chunked", Refusal.CODING_INVALID),
                        coding(" xchunked", Refusal.CODING_UNKNOWN),
                        coding(" chunkedx", Refusal.CODING_UNKNOWN),
                        coding(" identity", Refusal.CODING_UNKNOWN),
                        coding(" gzip", Refusal.CODING_UNKNOWN),
                        coding(" gzip, chunked", Refusal.CODING_UNKNOWN),
                        coding(" cow\r\nTransfer-Encoding: chunked", Refusal.CODING_UNKNOWN)));
    }

    private static Stream<Case> lengths() {
        return Stream.of(
                length("+3"),
                length("-3"),
                length("-0"),
                length("0x3"),
                length("3a"),
                length("a"),
                length("3.0"),
                length("3 4"),
                length("3, 3"),
                length("3,4"),
                length("3;x"),
                length("\"3\""),
                length("1e1"),
                length(""),
                length("1_0"),
                length("9223372036854775808"),
                length("18446744073709551619"),
                length("99999999999999999999999999"),
                length("0000000000000000003"),
                length("\2633"));
    }

    private static Stream<Case> lines() {
        return Stream.of(
                refused("LF alone everywhere", "RFC 9112 section 2.2", Refusal.BARE_LF, "GET / HTTP/1.1\nHost: a\n\n"),
                refused(
                        "LF behind the request line",
                        "RFC 9112 section 2.2",
                        Refusal.BARE_LF,
                        "GET / HTTP/1.1\nHost: a\r\n\r\n"),
                refused(
                        "LF behind a field",
                        "RFC 9112 section 2.2",
                        Refusal.BARE_LF,
                        "GET / HTTP/1.1\r\nHost: a\n\r\n"),
                refused(
                        "LF for the empty line",
                        "RFC 9112 section 2.2",
                        Refusal.BARE_LF,
                        "GET / HTTP/1.1\r\nHost: a\r\n\n"),
                refused("LF first", "RFC 9112 section 2.2", Refusal.BARE_LF, "\n" + fields("X: y")),
                refused("CR in the request line", "RFC 9112 section 2.2", Refusal.BARE_CR, line("GET /\rHTTP/1.1")),
                refused("CR in a target", "RFC 9112 section 2.2", Refusal.BARE_CR, line("GET /a\rb HTTP/1.1")),
                refused("CR behind a version", "RFC 9112 section 2.2", Refusal.BARE_CR, line("GET / HTTP/1.1\r")),
                refused("CR in a name", "RFC 9112 section 2.2", Refusal.BARE_CR, fields("X\rY: z")),
                refused("CR in a value", "RFC 9112 section 2.2", Refusal.BARE_CR, fields("X: y\rz")),
                refused("CR at the end of a value", "RFC 9112 section 2.2", Refusal.BARE_CR, fields("X: y\r")),
                refused(
                        "CR for the empty line",
                        "RFC 9112 section 2.2",
                        Refusal.BARE_CR,
                        "GET / HTTP/1.1\r\nHost: a\r\n\r\r\n"),
                refused("a folded value", "RFC 9112 section 5.2", Refusal.FOLD, fields("X: y", " z")),
                refused("a value folded with a tab", "RFC 9112 section 5.2", Refusal.FOLD, fields("X: y", "\tz")),
                refused("a folded Host", "RFC 9112 section 5.2", Refusal.FOLD, host("Host: a", " b")),
                refused("a folded line of white space", "RFC 9112 section 5.2", Refusal.FOLD, fields("X: y", " ")),
                refused(
                        "a space before the first field",
                        "RFC 9112 section 2.2",
                        Refusal.LEADING_SPACE,
                        host(" Host: a")),
                refused(
                        "a tab before the first field",
                        "RFC 9112 section 2.2",
                        Refusal.LEADING_SPACE,
                        host("\tHost: a")),
                refused(
                        "two empty lines before",
                        "RFC 9112 section 2.2",
                        Refusal.REQUEST_LINE,
                        "\r\n\r\n" + fields("X: y")));
    }

    private static Stream<Case> requestLines() {
        String section = "RFC 9112 section 3";
        String versions = "RFC 9112 section 2.3";
        return Stream.of(
                refused("HTTP/0.9", section, Refusal.REQUEST_LINE, line("GET /")),
                refused("a method alone", section, Refusal.REQUEST_LINE, line("GET")),
                refused("a method and a space", section, Refusal.REQUEST_LINE, line("GET ")),
                refused("two spaces before the target", section, Refusal.REQUEST_LINE, line("GET  / HTTP/1.1")),
                refused("two spaces before the version", versions, Refusal.REQUEST_LINE, line("GET /  HTTP/1.1")),
                refused("a space behind the version", section, Refusal.REQUEST_LINE, line("GET / HTTP/1.1 ")),
                refused("a fourth word", section, Refusal.REQUEST_LINE, line("GET / HTTP/1.1 x")),
                refused("a space in the target", section, Refusal.REQUEST_LINE, line("GET /a b HTTP/1.1")),
                refused("a space before the method", section, Refusal.REQUEST_LINE, line(" GET / HTTP/1.1")),
                refused("a tab for a space", section, Refusal.METHOD, line("GET\t/ HTTP/1.1")),
                refused("no version behind the space", versions, Refusal.VERSION, line("GET / ")),
                refused("a method with a colon", "RFC 9110 section 9.1", Refusal.METHOD, line("GET: / HTTP/1.1")),
                refused("a method with a slash", "RFC 9110 section 9.1", Refusal.METHOD, line("G/T / HTTP/1.1")),
                refused("a method with NUL", "RFC 9110 section 9.1", Refusal.CONTROL, line("GE\0T / HTTP/1.1")),
                refused("a method with a high byte", "RFC 9110 section 9.1", Refusal.METHOD, line("G\311T / HTTP/1.1")),
                refused(
                        "a method in small letters",
                        "RFC 9110 section 9.1",
                        Refusal.METHOD_UNKNOWN,
                        line("get / HTTP/1.1")),
                refused(
                        "a method in mixed letters",
                        "RFC 9110 section 9.1",
                        Refusal.METHOD_UNKNOWN,
                        line("Post / HTTP/1.1")),
                refused(
                        "a method of 33 letters",
                        "RFC 9110 section 9.1",
                        Refusal.METHOD_UNKNOWN,
                        line("M".repeat(33) + " / HTTP/1.1")),
                of(
                        "a method of 32 letters",
                        "RFC 9110 section 9.1",
                        "M".repeat(32) + " / []",
                        line("M".repeat(32) + " / HTTP/1.1")),
                refused("http/1.1", versions, Refusal.VERSION, line("GET / http/1.1")),
                refused("Http/1.1", versions, Refusal.VERSION, line("GET / Http/1.1")),
                refused("HTTP/1.10", versions, Refusal.VERSION, line("GET / HTTP/1.10")),
                refused("HTTP/01.1", versions, Refusal.VERSION, line("GET / HTTP/01.1")),
                refused("HTTP/1", versions, Refusal.VERSION, line("GET / HTTP/1")),
                refused("HTTP/1,1", versions, Refusal.VERSION, line("GET / HTTP/1,1")),
                refused("HTTP /1.1", versions, Refusal.REQUEST_LINE, line("GET / HTTP /1.1")),
                refused("HTTP/x.1", versions, Refusal.VERSION, line("GET / HTTP/x.1")),
                refused("HTTP/1.x", versions, Refusal.VERSION, line("GET / HTTP/1.x")),
                refused("ICY/1.1", versions, Refusal.VERSION, line("GET / ICY/1.1")),
                refused("NUL behind the version", versions, Refusal.CONTROL, line("GET / HTTP/1.1\0")),
                refused("HTTP/1.2", versions, Refusal.VERSION_UNSUPPORTED, line("GET / HTTP/1.2")),
                refused("HTTP/0.9 in words", versions, Refusal.VERSION_UNSUPPORTED, line("GET / HTTP/0.9")),
                refused("HTTP/2.0", versions, Refusal.VERSION_UNSUPPORTED, line("GET / HTTP/2.0")),
                refused(
                        "the preface of HTTP/2",
                        "RFC 9113 section 3.4",
                        Refusal.VERSION_UNSUPPORTED,
                        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                refused("HTTP/9.9", versions, Refusal.VERSION_UNSUPPORTED, line("GET / HTTP/9.9")));
    }

    private static Stream<Case> targets() {
        String section = "RFC 9112 section 3.2";
        return Stream.of(
                of("the origin form with a query", "RFC 9112 section 3.2.1", "GET /a?b=c []", target("/a?b=c", "a")),
                of("two slashes", "RFC 9112 section 3.2.1", "GET //b/c []", target("//b/c", "a")),
                of("a high byte in a target", section, "GET /\351 []", target("/\351", "a")),
                of("braces in a target", section, "GET /{a|b} []", target("/{a|b}", "a")),
                refused("NUL in a target", section, Refusal.CONTROL, target("/a\0b", "a")),
                refused("DEL in a target", section, Refusal.CONTROL, target("/a\177b", "a")),
                refused("a tab in a target", section, Refusal.REQUEST_LINE, target("/a\tb", "a")),
                refused("a fragment", section, Refusal.TARGET, target("/a#b", "a")),
                refused("a path without slash", section, Refusal.TARGET, target("a/b", "a")),
                refused("a query alone", section, Refusal.TARGET, target("?a", "a")),
                refused("a backslash for a slash", section, Refusal.TARGET, target("\\a", "a")),
                of("the absolute form", "RFC 9112 section 3.2.2", "GET http://a/b []", target("http://a/b", "a")),
                of(
                        "the absolute form without path",
                        "RFC 9112 section 3.2.2",
                        "GET http://a []",
                        target("http://a", "a")),
                of(
                        "the absolute form with a query alone",
                        "RFC 9112 section 3.2.2",
                        "GET http://a?b []",
                        target("http://a?b", "a")),
                of(
                        "the absolute form in another case",
                        "RFC 9110 section 4.2.3",
                        "GET HTTP://A/ []",
                        target("HTTP://A/", "a")),
                of(
                        "the absolute form with the default port",
                        "RFC 9110 section 4.2.3",
                        "GET http://a:80/ []",
                        target("http://a:80/", "a")),
                of(
                        "Host with the default port",
                        "RFC 9110 section 4.2.3",
                        "GET https://a/ []",
                        target("https://a/", "a:443")),
                of(
                        "the absolute form with a port",
                        "RFC 9112 section 3.2.2",
                        "GET http://a:81/ []",
                        target("http://a:81/", "a:81")),
                of(
                        "the absolute form in HTTP/1.0 without Host",
                        "RFC 9112 section 3.2.2",
                        "GET http://a/ []!",
                        "GET http://a/ HTTP/1.0\r\n\r\n"),
                refused(
                        "the absolute form of another host",
                        "RFC 9112 section 3.2.2",
                        Refusal.HOST_DISAGREES,
                        target("http://b/", "a")),
                refused(
                        "the absolute form of another port",
                        "RFC 9112 section 3.2.2",
                        Refusal.HOST_DISAGREES,
                        target("http://a:81/", "a")),
                refused(
                        "the absolute form of a longer host",
                        "RFC 9112 section 3.2.2",
                        Refusal.HOST_DISAGREES,
                        target("http://ab/", "a")),
                refused(
                        "the absolute form with the other default port",
                        "RFC 9112 section 3.2.2",
                        Refusal.HOST_DISAGREES,
                        target("https://a/", "a:80")),
                refused(
                        "the absolute form without Host",
                        section,
                        Refusal.HOST_MISSING,
                        "GET http://a/ HTTP/1.1\r\n\r\n"),
                refused(
                        "the absolute form with user information",
                        "RFC 9110 section 4.2.4",
                        Refusal.TARGET,
                        target("http://u@a/", "a")),
                refused(
                        "the absolute form without authority",
                        "RFC 9110 section 4.2.1",
                        Refusal.TARGET,
                        target("http:///b", "a")),
                refused("the absolute form with a backslash", section, Refusal.TARGET, target("http://a\\b/", "a")),
                refused("another scheme", "RFC 9110 section 4.2", Refusal.TARGET, target("ftp://a/", "a")),
                refused("a scheme with one slash", "RFC 9110 section 4.2", Refusal.TARGET, target("http:/a", "a")),
                of("the asterisk form", "RFC 9112 section 3.2.4", "OPTIONS * []", line("OPTIONS * HTTP/1.1")),
                refused("the asterisk form of GET", "RFC 9112 section 3.2.4", Refusal.TARGET, line("GET * HTTP/1.1")),
                refused(
                        "more than an asterisk",
                        "RFC 9112 section 3.2.4",
                        Refusal.TARGET,
                        line("OPTIONS */a HTTP/1.1")),
                refused("the authority form", "RFC 9112 section 3.2.3", Refusal.TARGET, target("a:80", "a")),
                refused("CONNECT", "RFC 9110 section 9.3.6", Refusal.CONNECT, line("CONNECT a:443 HTTP/1.1")),
                refused("CONNECT with a path", "RFC 9110 section 9.3.6", Refusal.CONNECT, line("CONNECT / HTTP/1.1")));
    }

    private static Stream<Case> hosts() {
        String section = "RFC 9112 section 3.2";
        return Stream.of(
                refused("no Host", section, Refusal.HOST_MISSING, host("X: y")),
                refused("no fields at all", section, Refusal.HOST_MISSING, "GET / HTTP/1.1\r\n\r\n"),
                refused("two Hosts", section, Refusal.HOST_REPEATED, host("Host: a", "Host: b")),
                refused("two Hosts that agree", section, Refusal.HOST_REPEATED, host("Host: a", "host: a")),
                refused(
                        "two Hosts in HTTP/1.0",
                        section,
                        Refusal.HOST_REPEATED,
                        "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
                of("no Host in HTTP/1.0", section, "GET / []!", "GET / HTTP/1.0\r\n\r\n"),
                refused("a Host in vain", section, Refusal.SPACE_BEFORE_COLON, host("Host : a")),
                invalidHost(""),
                invalidHost("a b"),
                invalidHost("a,b"),
                invalidHost("a/b"),
                invalidHost("u@a"),
                invalidHost("a:b"),
                invalidHost("a:80:80"),
                invalidHost("a:65536"),
                invalidHost("a:+80"),
                invalidHost("a:000080"),
                invalidHost(":80"),
                invalidHost("a..b"),
                invalidHost(".a"),
                invalidHost("."),
                invalidHost("a%00"),
                invalidHost("a?b"),
                invalidHost("a#b"),
                invalidHost("http://a"),
                invalidHost("caf\351"),
                invalidHost("["),
                invalidHost("[]"),
                invalidHost("[::1"),
                invalidHost("[::1]a"),
                invalidHost("::1"),
                invalidHost("[127.0.0.1]"),
                invalidHost("[fe80::1%eth0]"),
                invalidHost("[v1.a]"),
                validHost("a.example.org"),
                validHost("a."),
                validHost("a:80"),
                validHost("a:"),
                validHost("127.0.0.1:8080"),
                validHost("[::1]"),
                validHost("[2001:db8::1]:443"),
                validHost("my_service"),
                validHost("xn--caf-dma.example"));
    }

    private static Stream<Case> fieldLines() {
        String section = "RFC 9112 section 5";
        return Stream.of(
                refused("no colon", section, Refusal.NO_COLON, fields("X")),
                refused("no name", section, Refusal.FIELD_NAME, fields(": y")),
                refused(
                        "a space before the colon",
                        "RFC 9112 section 5.1",
                        Refusal.SPACE_BEFORE_COLON,
                        fields("X : y")),
                refused("a space in a name", section, Refusal.SPACE_BEFORE_COLON, fields("X Y: z")),
                refused("a name with a slash", "RFC 9110 section 5.1", Refusal.FIELD_NAME, fields("X/Y: z")),
                refused("a name with a parenthesis", "RFC 9110 section 5.1", Refusal.FIELD_NAME, fields("X(Y): z")),
                refused("a name with a high byte", "RFC 9110 section 5.1", Refusal.FIELD_NAME, fields("X\351: z")),
                refused("a name with DEL", "RFC 9110 section 5.1", Refusal.CONTROL, fields("X\177: z")),
                refused("NUL in a value", "RFC 9110 section 5.5", Refusal.CONTROL, fields("X: a\0b")),
                refused("NUL at the end of a value", "RFC 9110 section 5.5", Refusal.CONTROL, fields("X: a\0")),
                refused("escape in a value", "RFC 9110 section 5.5", Refusal.CONTROL, fields("X: \33[1m")),
                refused("backspace in a value", "RFC 9110 section 5.5", Refusal.CONTROL, fields("X: a\b")),
                refused("DEL in a value", "RFC 9110 section 5.5", Refusal.CONTROL, fields("X: a\177")));
    }

    private static Stream<Case> chunks() {
        String section = "RFC 9112 section 7.1";
        String extensions = "RFC 9112 section 7.1.1";
        String end = "\r\n0\r\n\r\n";
        return Stream.of(
                of("chunks", section, "POST / [abcde]", chunked("3\r\nabc\r\n2\r\nde" + end)),
                of("a size in capitals", section, "POST / [0123456789]", chunked("A\r\n0123456789" + end)),
                of("a size in small letters", section, "POST / [0123456789]", chunked("a\r\n0123456789" + end)),
                of("a size with zeros before it", section, "POST / [abc]", chunked("00003\r\nabc" + end)),
                of("a last chunk of zeros", section, "POST / []", chunked("000\r\n\r\n")),
                of("content that looks like chunks", section, "POST / [0\r\n\r\n]", chunked("5\r\n0\r\n\r\n" + end)),
                refusedContent("no size", section, Refusal.CHUNK_SIZE, "\r\nabc" + end),
                refusedContent("a size with a sign", section, Refusal.CHUNK_SIZE, "+3\r\nabc" + end),
                refusedContent("a size below 0", section, Refusal.CHUNK_SIZE, "-3\r\nabc" + end),
                refusedContent("a size with 0x", section, Refusal.CHUNK_SIZE, "0x3\r\nabc" + end),
                refusedContent("a size with an underscore", section, Refusal.CHUNK_SIZE, "1_0\r\nabc" + end),
                refusedContent("a size behind a space", section, Refusal.CHUNK_SIZE, " 3\r\nabc" + end),
                refusedContent("a size before a space", section, Refusal.CHUNK_SIZE, "3 \r\nabc" + end),
                refusedContent("a size before a tab", section, Refusal.CHUNK_SIZE, "3\t\r\nabc" + end),
                refusedContent("a size with a letter", section, Refusal.CHUNK_SIZE, "3g\r\nabc" + end),
                refusedContent("a size with NUL", section, Refusal.CHUNK_SIZE, "3\0\r\nabc" + end),
                refusedContent("a size with a high byte", section, Refusal.CHUNK_SIZE, "3\263\r\nabc" + end),
                refusedContent("a size beyond 64 bits", section, Refusal.CHUNK_SIZE, "10000000000000003\r\nabc" + end),
                refusedContent(
                        "a size that is negative in 64 bits",
                        section,
                        Refusal.CHUNK_SIZE,
                        "ffffffffffffffff\r\nabc" + end),
                refusedContent("a size of 16 zeros", section, Refusal.CHUNK_SIZE, "0000000000000003\r\nabc" + end),
                of("a size beyond 32 bits", section, "POST / REFUSED CUT_SHORT", chunked("100000003\r\nabc" + end)),
                refusedContent("a chunk longer than its size", section, Refusal.CHUNK_END, "3\r\nabcd" + end),
                refusedContent("a chunk that takes its end for content", section, Refusal.BARE_LF, "4\r\nabc" + end),
                refusedContent("LF behind a size", section, Refusal.BARE_LF, "3\nabc" + end),
                refusedContent("CR behind a size", section, Refusal.BARE_CR, "3\rabc" + end),
                refusedContent("LF behind a chunk", section, Refusal.BARE_LF, "3\r\nabc\n0\r\n\r\n"),
                refusedContent("CR behind a chunk", section, Refusal.BARE_CR, "3\r\nabc\r0\r\n\r\n"),
                refusedContent("two CR behind a size", section, Refusal.BARE_CR, "3\r\r\nabc" + end),
                refusedContent("LF behind the last chunk", section, Refusal.BARE_LF, "0\n\r\n"),
                refusedContent("LF for the last line", section, Refusal.BARE_LF, "0\r\n\n"),
                of("an extension", extensions, "POST / [abc]", chunked("3;a=b\r\nabc" + end)),
                of("an extension in quotes", extensions, "POST / [abc]", chunked("3;a=\"b;c\"\r\nabc" + end)),
                of("an extension of the last chunk", extensions, "POST / []", chunked("0;a\r\n\r\n")),
                of(
                        "an extension of 256 bytes",
                        extensions,
                        "POST / [abc]",
                        chunked("3;" + "a".repeat(256) + "\r\nabc" + end)),
                refusedContent(
                        "an extension of 257 bytes",
                        extensions,
                        Refusal.CHUNK_EXTENSION,
                        "3;" + "a".repeat(257) + "\r\nabc" + end),
                refusedContent("LF in an extension", extensions, Refusal.BARE_LF, "3;a\nabc" + end),
                refusedContent("CR in an extension", extensions, Refusal.BARE_CR, "3;a\rb\r\nabc" + end),
                refusedContent("LF in an extension's quotes", extensions, Refusal.BARE_LF, "3;a=\"\n\"\r\nabc" + end),
                refusedContent("NUL in an extension", extensions, Refusal.CONTROL, "3;a\0\r\nabc" + end),
                refusedContent("a space before an extension", extensions, Refusal.CHUNK_SIZE, "3 ;a\r\nabc" + end));
    }

    private static Stream<Case> trailers() {
        String section = "RFC 9112 section 7.1.2";
        return Stream.of(
                of("trailers", section, "POST / [] {A=b C=d}", chunked("0\r\nA: b\r\nC: d\r\n\r\n")),
                of(
                        "a request behind trailers",
                        section,
                        "POST / [] {A=b} GET / []",
                        chunked("0\r\nA: b\r\n\r\n") + fields("X: y")),
                refusedContent(
                        "a length among trailers",
                        "RFC 9110 section 6.5.1",
                        Refusal.TRAILER,
                        "0\r\nContent-Length: 3\r\n\r\n"),
                refusedContent(
                        "a coding among trailers",
                        "RFC 9110 section 6.5.1",
                        Refusal.TRAILER,
                        "0\r\nTransfer-Encoding: chunked\r\n\r\n"),
                refusedContent(
                        "a Host among trailers", "RFC 9110 section 6.5.1", Refusal.TRAILER, "0\r\nHost: b\r\n\r\n"),
                refusedContent(
                        "a request line among trailers",
                        section,
                        Refusal.SPACE_BEFORE_COLON,
                        "0\r\nGET /a HTTP/1.1\r\n\r\n"),
                refusedContent("LF among trailers", section, Refusal.BARE_LF, "0\r\nA: b\n\r\n"),
                refusedContent("a folded trailer", section, Refusal.FOLD, "0\r\nA: b\r\n c\r\n\r\n"),
                refusedContent(
                        "17 trailers", section, Refusal.TOO_MANY_FIELDS, "0\r\n" + "A: b\r\n".repeat(17) + "\r\n"),
                refusedContent(
                        "trailers of 1025 bytes",
                        section,
                        Refusal.FIELDS_TOO_LONG,
                        "0\r\nA: " + "b".repeat(1_020) + "\r\n\r\n"));
    }

    private static Stream<Case> limits() {
        String section = "RFC 6585 section 5";
        return Stream.of(
                of(
                        "a target of 256 bytes",
                        "RFC 9112 section 3",
                        "GET /" + "a".repeat(255) + " []",
                        target("/" + "a".repeat(255), "a")),
                refused(
                        "a target of 257 bytes",
                        "RFC 9112 section 3",
                        Refusal.TARGET_TOO_LONG,
                        target("/" + "a".repeat(256), "a")),
                refused(
                        "a target without end",
                        "RFC 9112 section 3",
                        Refusal.TARGET_TOO_LONG,
                        "GET /" + "a".repeat(1_000)),
                of("16 fields", section, "GET / []", host("Host: a" + "\r\nX: y".repeat(15))),
                refused("17 fields", section, Refusal.TOO_MANY_FIELDS, host("Host: a" + "\r\nX: y".repeat(16))),
                of("fields of 1024 bytes", section, "GET / []", fields("X: " + "y".repeat(1_024 - 9 - 5))),
                refused(
                        "fields of 1025 bytes",
                        section,
                        Refusal.FIELDS_TOO_LONG,
                        fields("X: " + "y".repeat(1_025 - 9 - 5))),
                refused(
                        "a field without end",
                        section,
                        Refusal.FIELDS_TOO_LONG,
                        "GET / HTTP/1.1\r\nX: " + "y".repeat(2_000)));
    }

    private static Stream<Case> connections() {
        String section = "RFC 9112 section 9.3";
        return Stream.of(
                of("close", section, "GET / []!", fields("Connection: close") + fields("X: y")),
                of("close among others", section, "GET / []!", fields("Connection: x ,\tCLOSE")),
                of(
                        "close in a second line",
                        section,
                        "GET / []!",
                        fields("Connection: keep-alive", "Connection: close")),
                of("a word that only begins with close", section, "GET / []", fields("Connection: closed")),
                of("HTTP/1.0", section, "GET / []!", "GET / HTTP/1.0\r\nHost: a\r\n\r\n" + fields("X: y")),
                of(
                        "HTTP/1.0 with keep-alive",
                        section,
                        "GET / [] GET / []",
                        "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n" + fields("X: y")),
                of(
                        "HTTP/1.0 with keep-alive and close",
                        section,
                        "GET / []!",
                        "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isReadTheSameWayHoweverItIsCut(Case example) {
        byte[] bytes = example.bytes().getBytes(ISO_8859_1);
        assertThat(Reading.requests(bytes)).isEqualTo(example.reading());
        assertThat(Reading.requests(bytes, IntStream.range(0, bytes.length).toArray()))
                .as("byte by byte")
                .isEqualTo(example.reading());
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(Reading.requests(bytes, cut)).as("cut at %d", cut).isEqualTo(example.reading());
        }
    }

    /** All that is refused has a status of its own kind, and names its rule. */
    @ParameterizedTest
    @EnumSource
    void aRefusalNamesItsRule(Refusal refusal) {
        assertThat(refusal.status()).isIn(400, 414, 431, 501, 505);
        assertThat(refusal.rule()).matches("RFC \\d+ section [\\d.]+");
    }
}
