package pt.sunbeam.proxy.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.Cidr;

/** What an order to the admin listener says: {@code {"address": "192.0.2.1", "for": "1 h", "note": "…"}}. */
record OrderBody(Cidr block, Duration time, String note) {
    private static final ObjectMapper json = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Set<String> KEYS = Set.of("address", "for", "note");
    private static final int LONGEST_NOTE = 200;
    private static final int NARROW_IPV4 = 96 + 8;
    private static final int NARROW_IPV6 = 16;

    /** Throws IllegalArgumentException that names the key. */
    static OrderBody read(String body) {
        JsonNode tree;
        try {
            tree = json.readTree(body);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException("body: found no JSON (expected: an object with \"address\")", malformed);
        }
        if (!tree.isObject()) {
            throw new IllegalArgumentException("body: found no object (expected: an object with \"address\")");
        }
        for (String key : (Iterable<String>) tree::fieldNames) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException("found an unknown key (expected: address, for or note)");
            }
        }
        String time = text(tree, "for");
        String note = text(tree, "note");
        return new OrderBody(
                block(text(tree, "address")),
                time == null ? Times.USUAL : Times.parse(time),
                note == null ? "" : note(note));
    }

    private static @Nullable String text(JsonNode tree, String key) {
        JsonNode value = tree.get(key);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException(key + ": found no text (expected: text)");
        }
        return value.textValue();
    }

    private static Cidr block(@Nullable String text) {
        if (text == null) {
            throw new IllegalArgumentException("address: found nothing (expected: an address or a block of them)");
        }
        Cidr block;
        try {
            block = Cidr.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "address: " + malformed.getMessage() + " (expected: an address, or a block such as 192.0.2.0/24)",
                    malformed);
        }
        boolean ipv4 = block.network().isIpv4();
        if (block.prefix() < (ipv4 ? NARROW_IPV4 : NARROW_IPV6)) {
            throw new IllegalArgumentException("address: found %s (expected: a block no wider than /%d)"
                    .formatted(text, ipv4 ? NARROW_IPV4 - 96 : NARROW_IPV6));
        }
        return block;
    }

    /** It goes into the log. */
    private static String note(String text) {
        if (text.length() > LONGEST_NOTE || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "note: expected at most %d characters on one line".formatted(LONGEST_NOTE));
        }
        return text;
    }
}
