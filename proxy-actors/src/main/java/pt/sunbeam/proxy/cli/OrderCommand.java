package pt.sunbeam.proxy.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An order about an address or block, for a time. */
abstract sealed class OrderCommand implements Callable<Integer> permits AllowCommand, BanCommand {
    private final String path;

    @Mixin
    private final AdminOptions proxy;

    @Parameters(paramLabel = "ADDRESS", description = "An address, or a block such as 192.0.2.0/24.")
    private String address = "";

    @Option(names = "--for", paramLabel = "TIME", description = "30 m, 1 h, 7 d ... (default: 1 h).")
    private @Nullable String time;

    @Option(names = "--note", paramLabel = "TEXT", description = "Why, for other operators.")
    private @Nullable String note;

    /** @param path of the admin listener that takes the order */
    OrderCommand(String path, Map<String, String> environment) {
        this.path = path;
        proxy = new AdminOptions(environment);
    }

    @Override
    public Integer call() {
        return proxy.ask(path, Orders.body(address, time, note), Orders::print);
    }
}
