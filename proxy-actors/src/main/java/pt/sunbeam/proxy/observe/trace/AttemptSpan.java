package pt.sunbeam.proxy.observe.trace;

import static pt.sunbeam.proxy.observe.trace.RequestSpan.ERROR_TYPE;
import static pt.sunbeam.proxy.observe.trace.RequestSpan.STATUS;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The span of one request to an upstream, from its sending to the response's head. */
public final class AttemptSpan {
    private final String traceparent;
    private final @Nullable Span span;

    AttemptSpan(String traceparent, @Nullable Span span) {
        this.traceparent = traceparent;
        this.span = span;
    }

    /** What the upstream is to be told. */
    public String traceparent() {
        return traceparent;
    }

    public void answered(int status, Instant at) {
        if (span != null) {
            span.setAttribute(STATUS, (long) status);
            if (status >= 500) {
                span.setAttribute(ERROR_TYPE, Integer.toString(status)).setStatus(StatusCode.ERROR);
            }
            span.end(at);
        }
    }

    /**
     * There was no answer.
     *
     * @param fault a word of a closed set
     */
    public void failed(String fault, Instant at) {
        if (span != null) {
            span.setAttribute(ERROR_TYPE, fault)
                    .setStatus(StatusCode.ERROR, fault)
                    .end(at);
        }
    }
}
