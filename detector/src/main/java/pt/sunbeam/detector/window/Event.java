package pt.sunbeam.detector.window;

/**
 * One request of an address, as the window keeps it.
 *
 * @param id rises with each request of a node; feedback names it
 * @param timeMillis when the head had been read, milliseconds since the epoch
 * @param pathHash seeded 32-bit hash of the path; so are {@code hostHash} and {@code agentHash}
 * @param identityHash the same of User-Agent, Accept-Language and Accept-Encoding together
 * @param contentLength declared length of the request body in bytes, 0 where none is declared, at most Integer.MAX_VALUE
 * @param flags bits 0..2 the method's code (GET 0, POST 1, PUT 2, DELETE 3, HEAD 4, PATCH 5, OPTIONS 6, other 7), then COOKIES, REFERER, ACCEPT_LANGUAGE,
 *     SUSPICIOUS_PATH, ASSET
 * @param crowd 16 bits, what {@link Crowds#read} said of it; 0 where nobody asked
 */
public record Event(
        long id,
        long timeMillis,
        int pathHash,
        int hostHash,
        int agentHash,
        int identityHash,
        int contentLength,
        int flags,
        int crowd) {
    public static final int METHOD = 7;
    public static final int COOKIES = 8;
    public static final int REFERER = 16;
    public static final int ACCEPT_LANGUAGE = 32;
    public static final int SUSPICIOUS_PATH = 64;
    public static final int ASSET = 128;

    static final int METHODS = 8;
    static final int FLAG_BITS = 8;

    /** The same with a reading of the crowd. */
    public Event among(int newCrowd) {
        return new Event(id, timeMillis, pathHash, hostHash, agentHash, identityHash, contentLength, flags, newCrowd);
    }
}
