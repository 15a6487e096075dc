package pt.sunbeam.proxy.cli;

import java.io.InputStream;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import pt.sunbeam.proxy.observe.Version;
import pt.sunbeam.proxy.startup.StartFailure;

/** The commands. Exit codes: 0 success, 1 failed, 2 bad usage or input. */
@Command(
        name = "sunbeam",
        description = "An adaptive reverse proxy that learns what normal traffic looks like and defends it.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Training (builds on first use, fetches libtorch):",
            "  train-mlp-scanner, train-mlp-ddos",
            "",
            "Environment:",
            "  SUNBEAM_CONFIG       configuration file, where --config names none",
            "  SUNBEAM_STATE_DIR    directory for the last good configuration",
            "  SUNBEAM_ADMIN_TOKEN  what reload, status, ban ... show to the proxy",
            "  SUNBEAM_LOG          log levels, such as info,pt.sunbeam=debug"
        })
public final class Main {
    public static void main(String[] args) {
        LogLevels.apply(System.getenv());
        System.exit(commandLine(System.getenv(), System.in).execute(args));
    }

    static CommandLine commandLine(Map<String, String> environment, InputStream standardInput) {
        return new CommandLine(new Main())
                .addSubcommand(new ServeCommand(environment))
                .addSubcommand(new CheckConfigCommand())
                .addSubcommand(new DemoCommand())
                .addSubcommand(new ReloadCommand(environment))
                .addSubcommand(new StatusCommand(environment))
                .addSubcommand(new BanCommand(environment))
                .addSubcommand(new UnbanCommand(environment))
                .addSubcommand(new BansCommand(environment))
                .addSubcommand(new AllowCommand(environment))
                .addSubcommand(new LogsCommand(environment, standardInput))
                .addSubcommand(new ReplayCommand(standardInput))
                .addSubcommand(new ExplainCommand(standardInput))
                .addSubcommand(new SuggestExceptionsCommand(standardInput))
                .setExecutionExceptionHandler((failure, commandLine, _) -> {
                    if (!(failure instanceof StartFailure)) {
                        throw failure;
                    }
                    commandLine.getErr().println("sunbeam: " + failure.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    static final class Versions implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"sunbeam " + Version.text() + " (Java " + Runtime.version() + ")"};
        }
    }
}
