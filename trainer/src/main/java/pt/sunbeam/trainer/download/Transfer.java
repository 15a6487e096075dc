package pt.sunbeam.trainer.download;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import pt.sunbeam.trainer.report.Progress;

/**
 * Fetches a file into a {@link PartFile}, and goes on where that ends: with a range request that holds only if the file is still the same (RFC 9110 sections 13.1.5
 * and 14), or from its beginning where the server does not play along. Redirects are followed as the JDK's client does, five at most, never from https to http.
 */
final class Transfer implements AutoCloseable {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+|\\*)");
    private static final long POLL_MILLIS = 100;

    /**
     * How patient a transfer is.
     *
     * @param connect for a connection
     * @param stall without any byte
     * @param attempts at a file, as long as trying again may help
     * @param pause between attempts
     */
    record Patience(Duration connect, Duration stall, int attempts, Duration pause) {
        static final Patience STANDARD =
                new Patience(Duration.ofSeconds(10), Duration.ofSeconds(30), 4, Duration.ofSeconds(2));
    }

    private final HttpClient client;
    private final Patience patience;
    private final Progress progress;

    Transfer(Patience patience, Progress progress) {
        this.patience = patience;
        this.progress = progress;
        client = HttpClient.newBuilder()
                .connectTimeout(patience.connect())
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    /**
     * Fetches what is missing of a part.
     *
     * @param atMost bytes in all
     * @throws TransferException if that fails; the part keeps what came
     */
    void fetch(URI address, PartFile part, long atMost) throws IOException, InterruptedException {
        for (int attempt = 1; true; attempt++) {
            try {
                once(address, part, atMost);
                return;
            } catch (TransferException fault) {
                if (!fault.isTemporary() || attempt == patience.attempts()) {
                    throw fault;
                }
                progress.line("%s; trying again".formatted(fault.getMessage()));
                Thread.sleep(patience.pause());
            } finally {
                progress.done();
            }
        }
    }

    private void once(URI address, PartFile part, long atMost) throws IOException, InterruptedException {
        long have = part.validator().isEmpty() ? 0 : part.size();
        var request = HttpRequest.newBuilder(address).timeout(patience.stall());
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-").header("If-Range", part.validator());
        }
        var received = new Received(part, atMost, have);
        var response = await(address, client.sendAsync(request.build(), received), received);
        switch (response.statusCode()) {
            case 200, 206 -> {
                // all is in the part
            }
            case 416 -> {
                part.restart("");
                throw TransferException.temporary("%s: no bytes from %,d on".formatted(address, have));
            }
            case 408, 429, 500, 502, 503, 504 ->
                throw TransferException.temporary("%s: HTTP %d".formatted(address, response.statusCode()));
            default -> throw TransferException.lasting("%s: HTTP %d".formatted(address, response.statusCode()));
        }
    }

    private HttpResponse<Void> await(URI address, CompletableFuture<HttpResponse<Void>> answer, Received received)
            throws IOException, InterruptedException {
        try {
            while (true) {
                try {
                    var response = answer.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                    received.show(address, progress);
                    return response;
                } catch (TimeoutException notYet) {
                    received.show(address, progress);
                    if (received.silence().compareTo(patience.stall()) > 0) {
                        throw TransferException.temporary("%s: no byte for %d s"
                                .formatted(address, patience.stall().toSeconds()));
                    }
                }
            }
        } catch (ExecutionException failed) {
            throw explained(address, Objects.requireNonNullElse(failed.getCause(), failed));
        } finally {
            answer.cancel(true);
        }
    }

    private TransferException explained(URI address, Throwable cause) {
        return switch (cause) {
            case TransferException known -> known;
            case HttpConnectTimeoutException _ ->
                TransferException.lasting("no connection to %s within %d s"
                        .formatted(address.getAuthority(), patience.connect().toSeconds()));
            case ConnectException _ ->
                TransferException.lasting(
                        "no connection to %s (no network, or nobody listens)".formatted(address.getAuthority()));
            case HttpTimeoutException _ ->
                TransferException.temporary("%s: no answer for %d s"
                        .formatted(address, patience.stall().toSeconds()));
            default -> TransferException.temporary("%s: %s".formatted(address, cause.getMessage()));
        };
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /** Takes a response into a part: its whole, or the rest. */
    private static final class Received implements HttpResponse.BodyHandler<Void> {
        private final PartFile part;
        private final long atMost;
        private final long have;
        private volatile long total; // of the file, 0 where the server does not say
        private volatile long size;
        private volatile long lastByte = System.nanoTime();
        private int shown;

        Received(PartFile part, long atMost, long have) {
            this.part = part;
            this.atMost = atMost;
            this.have = have;
        }

        Duration silence() {
            return Duration.ofNanos(System.nanoTime() - lastByte);
        }

        /** Steps of a percent; each tenth is shown even if bytes come faster than looks at them. */
        void show(URI address, Progress progress) {
            if (total <= 0) {
                return;
            }
            int percent = (int) (size * 100 / total);
            int step = percent / 10 > shown / 10 ? percent / 10 * 10 : percent;
            if (step > shown) {
                shown = step;
                var path = address.getPath();
                progress.step(
                        step,
                        100,
                        "%% of %s, %,d KiB".formatted(path.substring(path.lastIndexOf('/') + 1), total >> 10));
            }
        }

        @Override
        public HttpResponse.BodySubscriber<Void> apply(HttpResponse.ResponseInfo response) {
            lastByte = System.nanoTime();
            try {
                switch (response.statusCode()) {
                    case 200 -> {
                        part.restart(validator(response.headers()));
                        total = response.headers()
                                .firstValueAsLong("Content-Length")
                                .orElse(0);
                    }
                    case 206 -> requireRest(response.headers());
                    default -> {
                        return HttpResponse.BodySubscribers.replacing(null);
                    }
                }
                size = part.size();
                if (total > atMost) {
                    throw TransferException.lasting(
                            "%,d bytes offered (expected: at most %,d)".formatted(total, atMost));
                }
            } catch (IOException fault) {
                return ToPart.failed(fault);
            }
            return new ToPart(bytes -> {
                part.append(bytes);
                lastByte = System.nanoTime();
                size = part.size();
                if (size > atMost) {
                    throw TransferException.lasting("more bytes than %,d (expected: at most that)".formatted(atMost));
                }
            });
        }

        private void requireRest(HttpHeaders headers) throws IOException {
            var range =
                    CONTENT_RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
            if (!range.matches() || Long.parseLong(range.group(1)) != have) {
                part.restart("");
                throw TransferException.temporary(
                        "the server sent another range than the one from %,d on".formatted(have));
            }
            total = range.group(2).equals("*") ? 0 : Long.parseLong(range.group(2));
        }

        /** A strong entity tag, else the time of the last change; empty if neither is there. */
        private static String validator(HttpHeaders headers) {
            return headers.firstValue("ETag")
                    .filter(tag -> tag.startsWith("\""))
                    .or(() -> headers.firstValue("Last-Modified"))
                    .orElse("");
        }
    }
}
