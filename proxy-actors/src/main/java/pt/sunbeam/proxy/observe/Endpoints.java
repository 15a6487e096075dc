package pt.sunbeam.proxy.observe;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Allow;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.SunbeamConfig.HostPort;

/** The pekko-http side of {@link ObserveServer}: three resources that answer GET and HEAD. */
final class Endpoints {
    /** Prometheus text exposition format 0.0.4. */
    private static final ContentType PROMETHEUS_TEXT = ContentTypes.parse("text/plain; version=0.0.4; charset=utf-8");

    private final ServerBinding binding;

    private Endpoints(ServerBinding binding) {
        this.binding = binding;
    }

    /**
     * @param metrics null: no /metrics here
     * @throws java.util.concurrent.CompletionException around the failure to bind
     */
    static Endpoints bind(
            HostPort listen, @Nullable Metrics metrics, Health health, ClassicActorSystemProvider system) {
        var binding = Http.get(system)
                .newServerAt(listen.host(), listen.port())
                .bindSync(request -> {
                    request.discardEntityBytes(system);
                    return answer(request, metrics, health);
                })
                .toCompletableFuture()
                .join();
        return new Endpoints(binding);
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
