package pt.sunbeam.proxy.cli;

import java.util.Map;
import picocli.CommandLine.Command;

@Command(
        name = "ban",
        description = "Refuses all requests of an address or block for a time, on this node.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class BanCommand extends OrderCommand {
    BanCommand(Map<String, String> environment) {
        super("/ban", environment);
    }
}
