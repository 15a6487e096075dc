package pt.sunbeam.proxy.observe.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.InternalTelemetryVersion;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.Telemetry;
import pt.sunbeam.proxy.headers.TraceParent;

/**
 * Makes the spans of requests and sends them to a collector, over OTLP/HTTP in batches behind the requests.
 *
 * <p>The trace of a well-formed {@code traceparent} goes on, whoever sent it. Whether it is recorded is said by its flag where the peer is
 * trusted, else by lot: an untrusted peer can neither fill the collector nor hide. What waits is bounded; a span that finds no place is dropped
 * and counted. Thread-safe; no method blocks but {@link #close}.
 */
public final class Tracing {
    private static final String SCOPE = "pt.sunbeam.proxy";

    /** Of at most about 10 kB each. */
    private static final int WAITING_SPANS = 4_096;

    private static final int BATCH_SPANS = 512;
    private static final Duration BATCH_EVERY = Duration.ofSeconds(1);
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);
    private static final Duration SEND_WITHIN = Duration.ofSeconds(5);
    private static final int VALUE_CHARS = 1_024;

    private final double share;
    private final DoubleSupplier lot;
    private final DroppedSpans dropped;
    private final SdkMeterProvider meters;
    private final WatchedExporter exporter;
    private final SdkTracerProvider provider;
    private final Tracer tracer;

    /** Starts sending to a collector, which need not be there. */
    public static Tracing start(Telemetry.Traces config, String version) {
        return new Tracing(config, version, () -> ThreadLocalRandom.current().nextDouble());
    }

    private Tracing(Telemetry.Traces config, String version, DoubleSupplier lot) {
        this.share = config.sample();
        this.lot = lot;
        dropped = new DroppedSpans();
        meters = SdkMeterProvider.builder().registerMetricReader(dropped).build();
        var otlp = OtlpHttpSpanExporter.builder()
                .setEndpoint(config.endpoint().toString())
                .setConnectTimeout(CONNECT_WITHIN)
                .setTimeout(SEND_WITHIN)
                .setCompression("gzip");
        config.headers().forEach(otlp::addHeader);
        exporter = new WatchedExporter(otlp.build(), config.endpoint().toString());
        var batches = BatchSpanProcessor.builder(exporter)
                .setMaxQueueSize(WAITING_SPANS)
                .setMaxExportBatchSize(BATCH_SPANS)
                .setScheduleDelay(BATCH_EVERY)
                .setExporterTimeout(SEND_WITHIN)
                .setMeterProvider(meters)
                .setInternalTelemetryVersion(InternalTelemetryVersion.LATEST)
                .build();
        provider = SdkTracerProvider.builder()
                .addSpanProcessor(batches)
                .setSampler(Sampler.alwaysOn()) // decided before, see begin
                .setIdGenerator(new Ids())
                .setSpanLimits(SpanLimits.builder()
                        .setMaxAttributeValueLength(VALUE_CHARS)
                        .build())
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.of(
                                AttributeKey.stringKey("service.name"),
                                config.serviceName(),
                                AttributeKey.stringKey("service.version"),
                                version,
                                AttributeKey.stringKey("service.instance.id"),
                                UUID.randomUUID().toString()))))
                .build();
        tracer = provider.get(SCOPE, version);
    }

    /**
     * A request begins.
     *
     * @param received the field {@code traceparent}, or null
     * @param peerTrusted whether its flag counts
     * @param requestId names a new trace, where it is a UUID
     */
    public RequestSpan begin(@Nullable String received, boolean peerTrusted, String requestId, Instant began) {
        String parent = TraceParent.isWellFormed(received) ? received : null;
        String trace = parent == null ? TraceParent.newTrace(requestId) : parent.substring(3, 35);
        boolean sampled = (parent != null && peerTrusted) ? saysSampled(parent) : lot.getAsDouble() < share;
        return new RequestSpan(trace, sampled ? server(parent, trace, began) : null, tracer);
    }

    private static boolean saysSampled(String parent) {
        return (Character.digit(parent.charAt(54), 16) & 1) != 0;
    }

    private Span server(@Nullable String parent, String trace, Instant began) {
        var builder = tracer.spanBuilder("HTTP").setSpanKind(SpanKind.SERVER).setStartTimestamp(began);
        if (parent == null) {
            builder.setNoParent();
            return ScopedValue.where(Ids.NEW_TRACE, trace).call(builder::startSpan);
        }
        var remote = SpanContext.createFromRemoteParent(
                trace, parent.substring(36, 52), TraceFlags.getSampled(), TraceState.getDefault());
        return builder.setParent(Context.root().with(Span.wrap(remote))).startSpan();
    }

    /** Spans that the collector has taken, since the start. */
    public long exported() {
        return exporter.exported();
    }

    /** Spans that were sent, or tried to be, and not taken. */
    public long failed() {
        return exporter.failed();
    }

    /** Spans that found no place among those that wait. */
    public long dropped() {
        return dropped.count();
    }

    /** Sends what waits, and gives up when the time is over. */
    public void close(Duration within) {
        provider.shutdown().join(within.toMillis(), TimeUnit.MILLISECONDS);
        meters.close();
    }
}
