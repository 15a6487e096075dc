package pt.sunbeam.proxy.observe.trace;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what becomes of spans, and says now and then that the collector does not take them. */
final class WatchedExporter implements SpanExporter {
    private static final Duration WARN_AT_MOST_EVERY = Duration.ofSeconds(30);
    private static final Logger log = LoggerFactory.getLogger(WatchedExporter.class);

    /** The library's own words about the same; kept here, for the log manager holds its loggers weakly. */
    private static final java.util.logging.Logger LIBRARY = java.util.logging.Logger.getLogger("io.opentelemetry");

    static {
        LIBRARY.setLevel(Level.OFF);
    }

    private final SpanExporter otlp;
    private final String endpoint;
    private final LongAdder exported = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());

    WatchedExporter(SpanExporter otlp, String endpoint) {
        this.otlp = otlp;
        this.endpoint = endpoint;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        int count = spans.size(); // the collection is used again
        CompletableResultCode result = otlp.export(spans);
        return result.whenComplete(() -> {
            if (result.isSuccess()) {
                exported.add(count);
            } else {
                failed.add(count);
                warn(result.getFailureThrowable());
            }
        });
    }

    private void warn(@Nullable Throwable failure) {
        long now = System.nanoTime();
        long next = nextWarning.get();
        if (now - next >= 0 && nextWarning.compareAndSet(next, now + WARN_AT_MOST_EVERY.toNanos())) {
            log.warn("{} does not take spans: {}; {} lost since the start", endpoint, root(failure), failed.sum());
        }
    }

    private static String root(@Nullable Throwable failure) {
        if (failure == null) {
            return "no reason given";
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString();
    }

    long exported() {
        return exported.sum();
    }

    long failed() {
        return failed.sum();
    }

    @Override
    public CompletableResultCode flush() {
        return otlp.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return otlp.shutdown();
    }
}
