package pt.sunbeam.proxy.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "reload",
        description = "Makes a running proxy read its configuration again; exits with 2 if that has faults.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class ReloadCommand implements Callable<Integer> {
    @Mixin
    private final AdminOptions proxy;

    ReloadCommand(Map<String, String> environment) {
        proxy = new AdminOptions(environment);
    }

    @Override
    public Integer call() {
        return proxy.ask("/reload", "", ReloadCommand::print);
    }

    static void print(JsonNode report, PrintWriter out) {
        out.printf(
                "%s at %s (%s)%n",
                report.path("result").asText(),
                report.path("at").asText(),
                report.path("trigger").asText());
        report.path("faults").forEach(fault -> out.println("  " + fault.asText()));
        report.path("broken_routes").forEach(route -> out.println("  answered 503: " + route.asText()));
        report.path("waiting_for_restart").forEach(key -> out.println("  waits for a restart: " + key.asText()));
    }
}
