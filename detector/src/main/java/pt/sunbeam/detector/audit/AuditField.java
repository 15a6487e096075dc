package pt.sunbeam.detector.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The members of "fields" in an audit line, in the order in which they are written. */
enum AuditField {
    MESSAGE("message", Need.OPTIONAL),
    TARGET("target", Need.OPTIONAL),
    REQUEST_ID("request_id", Need.REQUIRED),
    METHOD("method", Need.REQUIRED),
    HOST("host", Need.REQUIRED),
    PATH("path", Need.REQUIRED),
    QUERY("query", Need.REQUIRED),
    CLIENT_IP("client_ip", Need.REQUIRED),
    STATUS("status", Need.REQUIRED),
    DURATION_MS("duration_ms", Need.REQUIRED),
    CONTENT_LENGTH("content_length", Need.REQUIRED),
    RESPONSE_BYTES("response_bytes", Need.LATER),
    USER_AGENT("user_agent", Need.REQUIRED),
    REFERER("referer", Need.REQUIRED),
    ACCEPT_LANGUAGE("accept_language", Need.REQUIRED),
    ACCEPT("accept", Need.REQUIRED),
    ACCEPT_ENCODING("accept_encoding", Need.LATER),
    HAS_COOKIES("has_cookies", Need.REQUIRED),
    CONNECTION("connection", Need.LATER),
    CF_COUNTRY("cf_country", Need.REQUIRED),
    BACKEND("backend", Need.REQUIRED),
    ERROR("error", Need.REQUIRED),
    HTTP_VERSION("http_version", Need.LATER),
    HEADER_COUNT("header_count", Need.LATER),
    LABEL("label", Need.OPTIONAL);

    enum Need {
        REQUIRED,
        /** Came with the nested form: the flat form lacks it. */
        LATER,
        OPTIONAL
    }

    private static final Map<String, AuditField> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(AuditField::key, Function.identity()));

    private final String key;

    @SuppressWarnings("ImmutableEnumChecker") // nothing writes to it
    private final byte[] opening;

    private final Need need;

    AuditField(String key, Need need) {
        this.key = key;
        this.opening = (",\"" + key + "\":").getBytes(StandardCharsets.US_ASCII);
        this.need = need;
    }

    static @Nullable AuditField of(String key) {
        return BY_NAME.get(key);
    }

    String key() {
        return key;
    }

    /** What stands before the value where the field is not the first: comma, key and colon; not to be written to. */
    byte[] opening() {
        return opening;
    }

    boolean isRequired(boolean flat) {
        return need == Need.REQUIRED || (need == Need.LATER && !flat);
    }
}
