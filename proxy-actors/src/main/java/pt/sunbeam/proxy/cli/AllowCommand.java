package pt.sunbeam.proxy.cli;

import java.util.Map;
import picocli.CommandLine.Command;

@Command(
        name = "allow",
        description = "Lets an address or block pass the detectors and limits for a time, on this node.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class AllowCommand extends OrderCommand {
    AllowCommand(Map<String, String> environment) {
        super("/allow", environment);
    }
}
