package pt.sunbeam.proxy.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "unban",
        description = {
            "Takes an order for an address or block back, and forgets what the DDoS detector has said of it, on this node.",
            "Who goes on as before may be banned again; allow prevents that."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class UnbanCommand implements Callable<Integer> {
    @Mixin
    private final AdminOptions proxy;

    @Parameters(paramLabel = "ADDRESS", description = "An address, or a block as it was banned or allowed.")
    private String address = "";

    UnbanCommand(Map<String, String> environment) {
        proxy = new AdminOptions(environment);
    }

    @Override
    public Integer call() {
        return proxy.ask(
                "/unban",
                Orders.body(address, null, null),
                (answer, out) -> out.printf(
                        "%s: %s, %d verdicts forgotten%n",
                        answer.path("address").asText(),
                        answer.has("lifted") ? "order lifted" : "no order",
                        answer.path("verdicts_pardoned").asInt()));
    }
}
