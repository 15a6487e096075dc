package pt.sunbeam.proxy.cli;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pt.sunbeam.proxy.Proxy;

/** Waits for a proxy's end. On SIGTERM and SIGINT the proxy drains, and the process exits with 0, as servers do. */
final class UntilStopped {
    private static final Logger log = LoggerFactory.getLogger(UntilStopped.class);

    private UntilStopped() {}

    static void await(Proxy proxy) {
        var over = new AtomicBoolean();
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
                    if (!over.get()) {
                        // Without halt the exit status would be the signal's, 143 for an orderly end.
                        Runtime.getRuntime().halt(stop(proxy) ? 0 : 1);
                    }
                }));
        proxy.awaitStopped();
        over.set(true);
    }

    private static boolean stop(Proxy proxy) {
        try {
            proxy.drainAndStop();
            return true;
        } catch (RuntimeException e) {
            log.error("The proxy did not stop in order", e);
            return false;
        }
    }
}
