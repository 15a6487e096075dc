package pt.sunbeam.proxy.observe;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Allow;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.SystemMaterializer;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.SunbeamConfig.HostPort;
import pt.sunbeam.proxy.wire.ReusePort;

/** The pekko-http side of {@link ObserveServer}: three resources that answer GET and HEAD, and on the admin listener all that operators ask. */
final class Endpoints {
    /** Prometheus text exposition format 0.0.4. */
    private static final ContentType PROMETHEUS_TEXT = ContentTypes.parse("text/plain; version=0.0.4; charset=utf-8");

    private final ServerBinding binding;

    private static final ContentType PROBLEM = ContentTypes.parse("application/problem+json");
    private static final int MOST_BODY_BYTES = 64 * 1024;
    private static final long BODY_WITHIN_MILLIS = 5_000;
    private static final AdminReply TOO_LONG = new AdminReply(413, """
            {"type":"about:blank","title":"Content Too Large","status":413,"detail":"expected at most 64 KiB within 5 s"}
            """, Map.of());

    private Endpoints(ServerBinding binding) {
        this.binding = binding;
    }

    /**
     * @param metrics null: no /metrics here
     * @throws java.util.concurrent.CompletionException around the failure to bind
     */
    static Endpoints bind(
            HostPort listen,
            boolean reusePort,
            @Nullable Metrics metrics,
            Health health,
            ClassicActorSystemProvider system) {
        var binding = server(listen, reusePort, system)
                .bindSync(request -> {
                    request.discardEntityBytes(system);
                    return answer(request, metrics, health);
                })
                .toCompletableFuture()
                .join();
        return new Endpoints(binding);
    }

    /**
     * Beside /health and /ready all that {@code admin} answers.
     *
     * @throws java.util.concurrent.CompletionException around the failure to bind
     */
    static Endpoints bindAdmin(
            HostPort listen,
            boolean reusePort,
            Health health,
            Function<AdminCall, CompletionStage<AdminReply>> admin,
            ClassicActorSystemProvider system) {
        var binding = server(listen, reusePort, system)
                .bind((org.apache.pekko.japi.function.Function<HttpRequest, CompletionStage<HttpResponse>>)
                        request -> switch (request.getUri().path()) {
                            case "/health", "/ready" -> {
                                request.discardEntityBytes(system);
                                yield CompletableFuture.completedStage(answer(request, null, health));
                            }
                            default -> managed(request, admin, system);
                        })
                .toCompletableFuture()
                .join();
        return new Endpoints(binding);
    }

    private static ServerBuilder server(HostPort listen, boolean reusePort, ClassicActorSystemProvider system) {
        var settings = ServerSettings.create(system.classicSystem());
        return Http.get(system)
                .newServerAt(listen.host(), listen.port())
                .withSettings(settings.withSocketOptions(ReusePort.added(settings.getSocketOptions(), reusePort)));
    }

    private static CompletionStage<HttpResponse> managed(
            HttpRequest request,
            Function<AdminCall, CompletionStage<AdminReply>> admin,
            ClassicActorSystemProvider system) {
        return request.entity()
                .toStrict(
                        BODY_WITHIN_MILLIS,
                        MOST_BODY_BYTES,
                        SystemMaterializer.get(system).materializer())
                .handle((body, failure) -> body)
                .thenCompose(body -> body == null
                        ? CompletableFuture.completedStage(TOO_LONG)
                        : admin.apply(new AdminCall(
                                request.method().value(),
                                request.getUri().path(),
                                request.getUri().getHost().address(),
                                value(request, "Origin"),
                                value(request, "Authorization"),
                                body.getData().utf8String())))
                .thenApply(Endpoints::response);
    }

    private static @Nullable String value(HttpRequest request, String name) {
        return request.getHeader(name).map(HttpHeader::value).orElse(null);
    }

    private static HttpResponse response(AdminReply reply) {
        var response =
                text(reply.status(), reply.status() >= 400 ? PROBLEM : ContentTypes.APPLICATION_JSON, reply.json());
        for (var field : reply.fields().entrySet()) {
            response = response.addHeader(RawHeader.create(field.getKey(), field.getValue()));
        }
        return response;
    }

    int port() {
        return binding.localAddress().getPort();
    }

    CompletionStage<Void> stop(Duration deadline) {
        return binding.terminate(deadline).thenAccept(_ -> {});
    }

    private static HttpResponse answer(HttpRequest request, @Nullable Metrics metrics, Health health) {
        String path = request.getUri().path();
        if (metrics != null && path.equals("/metrics")) {
            return reading(request, () -> text(200, PROMETHEUS_TEXT, metrics.text()));
        }
        return switch (path) {
            case "/health" -> reading(request, () -> text(200, ContentTypes.TEXT_PLAIN_UTF8, "ok"));
            case "/ready" -> reading(request, () -> readiness(health));
            default -> text(404, ContentTypes.TEXT_PLAIN_UTF8, "not found\n");
        };
    }

    private static HttpResponse reading(HttpRequest request, Supplier<HttpResponse> answer) {
        if (request.method().equals(HttpMethods.GET) || request.method().equals(HttpMethods.HEAD)) {
            return answer.get();
        }
        return text(405, ContentTypes.TEXT_PLAIN_UTF8, "method not allowed\n")
                .addHeader(Allow.create(HttpMethods.GET, HttpMethods.HEAD));
    }

    private static HttpResponse readiness(Health health) {
        var waitingFor = health.waitingFor();
        var body = "{\"ready\":%b,\"waiting_for\":[%s]}\n"
                .formatted(
                        waitingFor.isEmpty(),
                        waitingFor.stream().map(reason -> '"' + reason + '"').collect(Collectors.joining(",")));
        return text(waitingFor.isEmpty() ? 200 : 503, ContentTypes.APPLICATION_JSON, body);
    }

    private static HttpResponse text(int status, ContentType type, String body) {
        return HttpResponse.create()
                .withStatus(status)
                .withEntity(HttpEntities.create(type, body.getBytes(StandardCharsets.UTF_8)))
                .addHeader(RawHeader.create("Cache-Control", "no-store"));
    }
}
