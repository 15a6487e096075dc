package pt.sunbeam.proxy.limit;

import java.util.List;
import pt.sunbeam.proxy.message.Field;

/** A limit under the name by which clients, logs and metrics know it. */
public final class Policy {
    private static final long SECOND = 1_000_000_000L;

    private final String name;
    private final Rate rate;
    private final Field quota;

    Policy(String name, Rate rate) {
        this.name = name;
        this.rate = rate;
        quota = new Field(
                "RateLimit-Policy", "\"%s\";q=%d;w=%d".formatted(name, rate.burst(), seconds(rate.filling())));
    }

    public String name() {
        return name;
    }

    /**
     * The fields of a refusal: Retry-After (RFC 9110 section 10.2.3), RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-11). The quota is
     * the burst, its window the time in which an empty bucket fills.
     */
    public List<Field> refusal(long waitNanos) {
        String seconds = Long.toString(seconds(waitNanos));
        return List.of(
                new Field("Retry-After", seconds), quota, new Field("RateLimit", "\"" + name + "\";r=0;t=" + seconds));
    }

    /** Why a request was refused, for logs: the limit, and how long until there is room. */
    public List<String> reasons(long waitNanos) {
        return List.of(
                "burst=" + rate.burst(), "fills_in_s=" + seconds(rate.filling()), "wait_s=" + seconds(waitNanos));
    }

    /** Whole seconds, rounded up, at least 1. */
    private static long seconds(long nanos) {
        return Math.max(1, Math.ceilDiv(nanos, SECOND));
    }

    @Override
    public String toString() {
        return name;
    }
}
