package pt.sunbeam.proxy.exchange;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.proxy.message.Body;
import pt.sunbeam.proxy.message.Field;
import pt.sunbeam.proxy.message.Response;

/**
 * A response of the proxy's own: {@code application/problem+json} (RFC 9457), or a short page for those who ask for HTML.
 *
 * <p>It carries the request id and never the reason of a block.
 */
public final class Problem {
    private Problem() {}

    /**
     * The response to a request that the proxy itself refuses.
     *
     * @param accept the request's Accept value, or null
     * @param fields beside Content-Type and Cache-Control
     */
    public static Response of(int status, String requestId, @Nullable String accept, List<Field> fields) {
        boolean html = accept != null && accept.contains("text/html");
        String title = title(status);
        String text = html ? page(status, title, requestId) : json(status, title, requestId);
        var all = new ArrayList<>(fields);
        all.add(new Field("Content-Type", html ? "text/html; charset=utf-8" : "application/problem+json"));
        all.add(new Field("Cache-Control", "no-store"));
        return new Response(status, all, new Body.Whole(ByteString.fromArray(text.getBytes(StandardCharsets.UTF_8))));
    }

    private static String json(int status, String title, String requestId) {
        return "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"request_id\":\"%s\"}\n"
                .formatted(title, status, requestId);
    }

    private static String page(int status, String title, String requestId) {
        return """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>%1$d %2$s</title>
                <style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem}
                p{color:#666}code{font-size:.9em}</style></head>
                <body><h1>%1$d %2$s</h1><p>Request <code>%3$s</code></p></body></html>
                """.formatted(status, title, requestId);
    }

    /** The reason phrases of RFC 9110 section 15 and RFC 6585 for what the proxy itself answers. */
    static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            default -> status < 500 ? "Request Refused" : "Internal Server Error";
        };
    }
}
