package pt.sunbeam.proxy.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "bans",
        description = "Lists what operators ordered and whom the DDoS detector has banned.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class BansCommand implements Callable<Integer> {
    @Mixin
    private final AdminOptions proxy;

    BansCommand(Map<String, String> environment) {
        proxy = new AdminOptions(environment);
    }

    @Override
    public Integer call() {
        return proxy.ask("/bans", null, BansCommand::print);
    }

    private static void print(JsonNode bans, PrintWriter out) {
        bans.path("orders").forEach(order -> Orders.print(order, out));
        bans.path("verdicts").forEach(verdict -> {
            var reasons = new ArrayList<String>();
            verdict.path("reasons").forEach(reason -> reasons.add(reason.asText()));
            out.printf(
                    "%-8s %-24s until %s  %s%n",
                    "ddos",
                    verdict.path("address").asText(),
                    verdict.path("until").asText(),
                    String.join(", ", reasons));
        });
    }
}
