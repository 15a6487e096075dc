package pt.sunbeam.proxy.observe.trace;

import io.opentelemetry.sdk.trace.IdGenerator;

/** Random ids, but for a trace that is given one. */
final class Ids implements IdGenerator {
    /** The id of the trace that this thread is about to begin, 32 digits of lower-case hex. */
    static final ScopedValue<String> NEW_TRACE = ScopedValue.newInstance();

    private final IdGenerator random = IdGenerator.random();

    @Override
    public String generateTraceId() {
        return NEW_TRACE.isBound() ? NEW_TRACE.get() : random.generateTraceId();
    }

    @Override
    public String generateSpanId() {
        return random.generateSpanId();
    }
}
