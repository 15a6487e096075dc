package pt.sunbeam.trainer.waf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Sends requests to one server over a few connections, each as soon as the one before it on its connection is answered. */
final class Replay {
    /**
     * Outcomes in the order of the requests.
     *
     * @param cpuMicros what the server's process and its children used meanwhile
     */
    record Result(List<Outcome> outcomes, long cpuMicros) {}

    private Replay() {}

    /** Throws {@link UncheckedIOException} where no server listens. */
    static Result run(Server server, List<WireRequest> requests, int connections) throws InterruptedException {
        var outcomes = new Outcome[requests.size()];
        var next = new AtomicInteger();
        long before = server.cpuMicros();
        try (var threads = Executors.newFixedThreadPool(connections)) {
            List<Future<?>> ends = new ArrayList<>();
            IntStream.range(0, connections)
                    .forEach(_ -> ends.add(threads.submit(() -> {
                        try (var connection = new Connection(server.port())) {
                            for (int i = next.getAndIncrement(); i < outcomes.length; i = next.getAndIncrement()) {
                                outcomes[i] = connection.exchange(requests.get(i));
                            }
                        } catch (IOException noServer) {
                            throw new UncheckedIOException(server + " does not answer", noServer);
                        }
                    })));
            for (var end : ends) {
                end.get();
            }
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed);
        }
        return new Result(List.of(outcomes), server.cpuMicros() - before);
    }
}
