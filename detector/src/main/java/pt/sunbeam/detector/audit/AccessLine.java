package pt.sunbeam.detector.audit;

/**
 * A line of an access log that holds an HTTP request. Text is ISO-8859-1, as on the wire; escapes of the log are undone, but for those of control
 * characters, which stay as written.
 *
 * @param client as logged: an address, or a name where the server looks names up
 * @param second seconds since 1970
 * @param host the virtual host with its port if logged so, or empty where the log keeps none
 * @param version such as "HTTP/1.1", empty where the request line has none
 * @param bytes of the response, 0 where the log has "-"
 * @param referer empty where the log has "-", or none
 * @param agent empty where the log has "-", or none
 */
public record AccessLine(
        String client,
        long second,
        String host,
        String method,
        String target,
        String version,
        int status,
        long bytes,
        String referer,
        String agent) {}
