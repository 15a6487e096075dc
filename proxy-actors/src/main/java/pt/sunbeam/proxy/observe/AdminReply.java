package pt.sunbeam.proxy.observe;

import java.util.Map;

/**
 * What the admin listener answers.
 *
 * @param json a problem (RFC 9457) from status 400 on
 * @param fields beside Content-Type and Cache-Control
 */
public record AdminReply(int status, String json, Map<String, String> fields) {
    public AdminReply {
        fields = Map.copyOf(fields);
    }
}
