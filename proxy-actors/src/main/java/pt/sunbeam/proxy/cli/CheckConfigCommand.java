package pt.sunbeam.proxy.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "check-config",
        description = "Reports every fault of a configuration file; exits with 2 if there is one.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class CheckConfigCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "HOCON (.conf) or TOML (.toml)")
    private Path file = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        var config = ConfigFile.read(file, spec.commandLine().getErr());
        if (config == null) {
            return ExitCode.USAGE;
        }
        int routes = config.routes().size();
        spec.commandLine().getOut().printf("%s: ok (%d route%s)%n", file, routes, routes == 1 ? "" : "s");
        return ExitCode.OK;
    }
}
