package pt.sunbeam.proxy.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "status",
        description = "Says how a running proxy is: version, configuration, last reload, models.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private final AdminOptions proxy;

    StatusCommand(Map<String, String> environment) {
        proxy = new AdminOptions(environment);
    }

    @Override
    public Integer call() {
        return proxy.ask("/status", null, StatusCommand::print);
    }

    private static void print(JsonNode status, PrintWriter out) {
        out.printf("version        %s%n", status.path("version").asText());
        out.printf("up for         %s%n", time(status.path("uptime_seconds").asLong()));
        out.printf(
                "ready          %s%n", status.path("ready").asBoolean() ? "yes" : "no: " + status.path("waiting_for"));
        out.printf(
                "configuration  %s, %d routes%n",
                status.path("config_file").asText("none"), status.path("routes").asInt());
        out.print("last reading   ");
        ReloadCommand.print(status.path("last_reload"), out);
        status.path("models")
                .forEach(model -> out.printf(
                        "model          %s: %s %s%n",
                        model.path("detector").asText(),
                        model.path("name").asText(),
                        model.path("version").asText()));
    }

    private static String time(long seconds) {
        var time = Duration.ofSeconds(seconds);
        return "%d d %02d:%02d:%02d"
                .formatted(time.toDays(), time.toHoursPart(), time.toMinutesPart(), time.toSecondsPart());
    }
}
