package pt.sunbeam.proxy.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "ban",
        description = "Refuses all requests of an address or block for a time, on this node.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class BanCommand implements Callable<Integer> {
    @Mixin
    private final AdminOptions proxy;

    @Parameters(paramLabel = "ADDRESS", description = "An address, or a block such as 192.0.2.0/24.")
    private String address = "";

    @Option(names = "--for", paramLabel = "TIME", description = "30 m, 1 h, 7 d ... (default: 1 h).")
    private @Nullable String time;

    @Option(names = "--note", paramLabel = "TEXT", description = "Why, for other operators.")
    private @Nullable String note;

    BanCommand(Map<String, String> environment) {
        proxy = new AdminOptions(environment);
    }

    @Override
    public Integer call() {
        return proxy.ask("/ban", Orders.body(address, time, note), Orders::print);
    }
}
