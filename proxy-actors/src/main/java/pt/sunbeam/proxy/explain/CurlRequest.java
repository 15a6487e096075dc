package pt.sunbeam.proxy.explain;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.replay.Report;
import pt.sunbeam.proxy.replay.RequestLog.DdosLogged;
import pt.sunbeam.proxy.replay.RequestLog.Entry;

/** The request that curl would send for its arguments; the target goes out as it stands ({@code --path-as-is}). */
public final class CurlRequest {
    private static final Pattern SCHEME = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://");
    private static final Pattern AUTHORITY_END = Pattern.compile("[/?#]");

    private record Field(String name, String value) {}

    private final List<Field> fields = new ArrayList<>();
    private final String target;

    private CurlRequest(String target) {
        this.target = target;
    }

    /**
     * The request.
     *
     * @param method null for GET, or POST where there is a body
     * @param headers as curl's {@code -H}: "Name: value", "Name;" for an empty value, "Name:" to leave out what curl would send
     * @param body null for none
     * @throws IllegalArgumentException where HTTP has no such request
     */
    public static Entry of(String url, @Nullable String method, List<String> headers, @Nullable String body) {
        var scheme = SCHEME.matcher(url);
        String rest = scheme.lookingAt() ? url.substring(scheme.end()) : url;
        var end = AUTHORITY_END.matcher(rest);
        int authorityEnd = end.find() ? end.start() : rest.length();
        String host = rest.substring(rest.lastIndexOf('@', authorityEnd - 1) + 1, authorityEnd);
        String target = rest.substring(authorityEnd);
        int fragment = target.indexOf('#');
        target = fragment < 0 ? target : target.substring(0, fragment);
        var request = new CurlRequest(target.startsWith("/") ? target : "/" + target);
        request.field("Host", host);
        request.field("User-Agent", "curl/8.5.0");
        request.field("Accept", "*/*");
        if (body != null) {
            request.field("Content-Length", Integer.toString(body.getBytes(StandardCharsets.UTF_8).length));
            request.field("Content-Type", "application/x-www-form-urlencoded");
        }
        headers.forEach(request::header);
        return request.entry(method != null ? method : body == null ? "GET" : "POST");
    }

    private void field(String name, String value) {
        fields.add(new Field(name, value));
    }

    private void header(String header) {
        int colon = header.indexOf(':');
        if (colon < 0 && !header.endsWith(";")) {
            throw new IllegalArgumentException("\"%s\" is no header (expected: Name: value)".formatted(header));
        }
        String name = colon < 0 ? header.substring(0, header.length() - 1) : header.substring(0, colon);
        String value = colon < 0 ? "" : header.substring(colon + 1).strip();
        fields.removeIf(known -> known.name.equalsIgnoreCase(name) && isCurls(name));
        if (colon < 0 || !value.isEmpty()) {
            field(name, value);
        }
    }

    /** Whether curl sends the field once, and of its own accord. */
    private static boolean isCurls(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "host", "user-agent", "accept", "content-length", "content-type" -> true;
            default -> false;
        };
    }

    private Entry entry(String method) {
        var head = RequestHead.builder(method, target, "HTTP/1.1");
        fields.forEach(field -> head.field(field.name, field.value));
        RequestHead built = head.build();
        return new Entry(new Report.Sample(0, "-", "-", built.path(), 0), built, 0, 0, DdosLogged.NOTHING, false, true);
    }
}
