package pt.sunbeam.proxy.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import pt.sunbeam.config.ConfigPaths;
import pt.sunbeam.proxy.Proxy;
import pt.sunbeam.proxy.reload.Beginning;

@Command(
        name = "serve",
        description =
                "Runs the proxy until SIGTERM or SIGINT, then finishes the requests in flight. SIGHUP reloads, SIGUSR1 opens the audit log anew.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class ServeCommand implements Callable<Integer> {
    private final Map<String, String> environment;

    @Option(
            names = "--config",
            paramLabel = "PATH",
            description = {
                "HOCON (.conf) or TOML (.toml).",
                "Else $SUNBEAM_CONFIG, else /etc/sunbeam/config.conf, else /etc/sunbeam/config.toml."
            })
    private @Nullable Path config;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ServeCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        var err = spec.commandLine().getErr();
        return switch (ConfigPaths.find(config, environment, Files::exists)) {
            case ConfigPaths.Missing missing -> {
                err.println("sunbeam: " + missing.message());
                yield ExitCode.USAGE;
            }
            case ConfigPaths.Found(var file) ->
                switch (Beginning.read(file, environment)) {
                    case Beginning.Refused(var faults) -> {
                        ConfigFile.report(file, faults, err);
                        err.println("sunbeam: nothing was started");
                        yield ExitCode.USAGE;
                    }
                    case Beginning.Ready(var beginning) -> {
                        serve(beginning);
                        yield ExitCode.OK;
                    }
                };
        };
    }

    private static void serve(Beginning beginning) {
        // before the start, for by default both signals end a process
        var running = new AtomicReference<@Nullable Proxy>();
        on("HUP", running, proxy -> proxy.reload("SIGHUP"));
        on("USR1", running, Proxy::reopenAuditLog);
        Proxy proxy = Proxy.start(beginning);
        running.set(proxy);
        UntilStopped.await(proxy);
    }

    private static void on(String signal, AtomicReference<@Nullable Proxy> running, Consumer<Proxy> action) {
        Signals.on(signal, () -> {
            Proxy proxy = running.get();
            if (proxy != null) {
                action.accept(proxy);
            }
        });
    }
}
