package pt.sunbeam.trainer.traffic;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A request as it stands on the wire.
 *
 * @param fields header fields, {@code Name: value}; Content-Length is added where there is a body
 */
record Request(String method, String target, List<String> fields, String body) {
    byte[] bytes() {
        var lines = new ArrayList<String>();
        lines.add(method + " " + target + " HTTP/1.1");
        lines.addAll(fields);
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        if (content.length > 0) {
            lines.add("Content-Length: " + content.length);
        }
        return (String.join("\r\n", lines) + "\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8);
    }
}
