package pt.sunbeam.trainer.read;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads regression tests of the OWASP Core Rule Set, one stage a line: {@code {"file", "rule_id", "method", "uri", "headers", "data", "encoded_request",
 * "expect_ids", "label"}}.
 *
 * <p>An attack is a request for which rules about requests must fire; a negative one keeps one rule silent, often by a narrow miss, and need not be benign in
 * every respect. Left out: tests of rules about responses, whose requests are harmless. All tests share a host and a user agent, which say nothing.
 */
public final class CrsTests {
    /** Rules about odd methods, headers and encodings, not about payloads. */
    private static final Set<String> PROTOCOL = Set.of("911", "920", "921", "922");

    /**
     * A test.
     *
     * @param request its group is the rule's number
     * @param protocol whether the rule is about the protocol, and not about what the request carries
     */
    public record Test(RecordedRequest request, boolean attack, boolean protocol) {}

    private CrsTests() {}

    public static Account read(DataFile file, Consumer<Test> sink) throws IOException {
        return Lines.each(file, line -> sink.accept(test(JsonRow.of(line), line.number())));
    }

    private static Test test(JsonRow row, long line) throws SetAside {
        var label = row.text("label");
        boolean attack = label.equals("attack");
        if (label.equals("response-rule") || label.equals("other")) {
            throw SetAside.leftOut("label " + label);
        }
        if (!attack && !label.equals("negative")) {
            throw SetAside.malformed("label", SetAside.excerpt(label), "attack, negative, response-rule or other");
        }
        if (attack && row.size("expect_ids") == 0) {
            throw SetAside.malformed("expect_ids", "nothing", "numbers of rules, for an attack");
        }
        var rule = Long.toString(row.number("rule_id"));
        return new Test(
                request(row, rule, line), attack, PROTOCOL.contains(rule.substring(0, Math.min(3, rule.length()))));
    }

    private static RecordedRequest request(JsonRow row, String rule, long line) throws SetAside {
        var encoded = row.textOrEmpty("encoded_request");
        if (encoded.isEmpty()) {
            return new RecordedRequest(
                    rule, row.text("method"), row.text("uri"), row.fields("headers"), row.textOrEmpty("data"), line);
        }
        byte[] raw;
        try {
            raw = Base64.getMimeDecoder().decode(encoded);
        } catch (IllegalArgumentException broken) {
            throw SetAside.malformed("encoded_request: no base64: " + broken.getMessage());
        }
        return RequestText.whole(new String(raw, StandardCharsets.ISO_8859_1), rule, line);
    }
}
