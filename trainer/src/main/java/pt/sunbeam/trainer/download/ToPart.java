package pt.sunbeam.trainer.download;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Hands a response's bytes on as they come; a fault of the taker ends the response. */
final class ToPart implements HttpResponse.BodySubscriber<Void> {
    interface Taker {
        void take(List<ByteBuffer> bytes) throws IOException;
    }

    private final Taker taker;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    ToPart(Taker taker) {
        this.taker = taker;
    }

    /** Takes nothing, for the response is not what was asked for. */
    static ToPart failed(IOException fault) {
        var none = new ToPart(_ -> {});
        none.done.completeExceptionally(fault);
        return none;
    }

    @Override
    public CompletionStage<Void> getBody() {
        return done;
    }

    @Override
    public void onSubscribe(Flow.Subscription toResponse) {
        subscription = toResponse;
        if (done.isDone()) {
            toResponse.cancel();
        } else {
            toResponse.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        if (done.isDone()) {
            return;
        }
        try {
            taker.take(bytes);
        } catch (IOException fault) {
            done.completeExceptionally(fault);
            if (subscription != null) {
                subscription.cancel();
            }
        }
    }

    @Override
    public void onError(Throwable fault) {
        done.completeExceptionally(fault);
    }

    @Override
    public void onComplete() {
        done.complete(null);
    }
}
