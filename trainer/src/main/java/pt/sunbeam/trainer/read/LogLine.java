package pt.sunbeam.trainer.read;

/**
 * One line of an access log in combined format.
 *
 * @param second seconds since 1970
 * @param host the virtual host, or empty where the log keeps none
 * @param referer and {@code agent}: empty where the log has "-"
 */
public record LogLine(
        String client,
        long second,
        String host,
        String method,
        String target,
        int status,
        String referer,
        String agent) {}
