package pt.sunbeam.proxy.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import pt.sunbeam.config.ConfigPaths;
import pt.sunbeam.proxy.Proxy;

@Command(
        name = "serve",
        description = "Runs the proxy until SIGTERM or SIGINT, then finishes the requests in flight.",
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
            case ConfigPaths.Found(var file) -> {
                var loaded = ConfigFile.read(file, err);
                if (loaded == null) {
                    err.println("sunbeam: nothing was started");
                    yield ExitCode.USAGE;
                }
                UntilStopped.await(Proxy.start(loaded));
                yield ExitCode.OK;
            }
        };
    }
}
