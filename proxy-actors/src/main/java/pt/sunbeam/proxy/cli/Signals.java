package pt.sunbeam.proxy.cli;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals of POSIX that Java has no supported way to handle. The class that can, {@code sun.misc.Signal}, is there on every JDK so far, and asked for by name:
 * where it is missing, the signal does nothing but what it did before.
 */
final class Signals {
    private static final Logger log = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /**
     * Runs {@code action}, in a thread of its own, each time the signal comes.
     *
     * @param name without SIG: "HUP"
     */
    static void on(String name, Runnable action) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    handler.getClassLoader(),
                    new Class<?>[] {handler},
                    (_, method, arguments) -> switch (method.getName()) {
                        case "handle" -> {
                            action.run();
                            yield null;
                        }
                        default -> method.invoke(action, arguments); // of Object
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException unavailable) {
            log.warn("SIG{} is not handled: {}", name, unavailable.toString());
        }
    }
}
