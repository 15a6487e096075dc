package pt.sunbeam.proxy.wire.http1;

/**
 * Bounds on a message's head and on its trailer section; a response's too.
 *
 * @param targetBytes of a request's target ({@code limits.uri_bytes}); a status line may have as many and a few more
 * @param fieldBytes of all field lines together with their ends ({@code limits.header_bytes})
 * @param fields how many there may be ({@code limits.header_count})
 */
public record HeadLimits(int targetBytes, int fieldBytes, int fields) {}
