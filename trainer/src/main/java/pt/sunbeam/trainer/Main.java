package pt.sunbeam.trainer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import pt.sunbeam.trainer.cli.DownloadCommand;
import pt.sunbeam.trainer.cli.EvaluateClientsCommand;
import pt.sunbeam.trainer.cli.EvaluateCommand;
import pt.sunbeam.trainer.cli.GenerateFloodCommand;
import pt.sunbeam.trainer.cli.GeneratePeopleCommand;
import pt.sunbeam.trainer.cli.ListClientsCommand;
import pt.sunbeam.trainer.cli.PrepareCommand;
import pt.sunbeam.trainer.cli.SweepCookieWeightCommand;
import pt.sunbeam.trainer.cli.TrainCommand;
import pt.sunbeam.trainer.cli.TrainScannerCommand;
import pt.sunbeam.trainer.download.Catalogue;

/** The trainer's commands. */
@Command(
        name = "sunbeam",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Trains the models of the detectors.")
public final class Main {
    /** DJL must not look for downloads or count its users; more than one thread makes a small fit slower and unrepeatable. */
    private static final Map<String, String> ENGINE = Map.of(
            "ai.djl.offline", "true",
            "OPT_OUT_TRACKING", "true",
            "ai.djl.pytorch.num_threads", "1",
            "ai.djl.pytorch.num_interop_threads", "1");

    private Main() {}

    public static void main(String... args) {
        ENGINE.forEach((key, value) -> {
            if (System.getProperty(key) == null) {
                System.setProperty(key, value);
            }
        });
        System.exit(commandLine().execute(args));
    }

    /** All commands; an unexpected failure ends with exit code 1 and its message. */
    public static CommandLine commandLine() {
        var commands = new CommandLine(new Main());
        commands.addSubcommand(new DownloadCommand(Catalogue.committed()));
        commands.addSubcommand(new PrepareCommand());
        commands.addSubcommand(new ListClientsCommand());
        commands.addSubcommand(Detector.SCANNER.command(), new TrainCommand(modes("baseline", Detector.SCANNER)));
        var ddos = modes("evidence", Detector.DDOS);
        ddos.put("baseline", Detector.DDOS_BASELINE);
        commands.addSubcommand(Detector.DDOS.command(), new TrainCommand(ddos));
        commands.addSubcommand(new TrainScannerCommand());
        commands.addSubcommand(new EvaluateCommand());
        commands.addSubcommand(new EvaluateClientsCommand());
        commands.addSubcommand(new SweepCookieWeightCommand());
        commands.addSubcommand(new GenerateFloodCommand());
        commands.addSubcommand(new GeneratePeopleCommand());
        return commands.setExecutionExceptionHandler((failure, command, _) -> {
            var message = failure.getMessage();
            command.getErr()
                    .println(
                            message == null
                                    ? failure.toString()
                                    : failure.getClass().getSimpleName() + ": " + message);
            return 1;
        });
    }

    private static SequencedMap<String, Detector> modes(String word, Detector detector) {
        return new LinkedHashMap<>(Map.of(word, detector));
    }
}
