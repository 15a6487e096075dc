package pt.sunbeam.trainer.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import pt.sunbeam.trainer.dataset.AccessLogs;
import pt.sunbeam.trainer.read.AccessLogReader;
import pt.sunbeam.trainer.read.DataException;
import pt.sunbeam.trainer.report.Progress;

/** {@code list-clients}: which clients of the public access logs count as benign, and which as hostile. */
@Command(
        name = "list-clients",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the clients of the public access logs with what is thought of them before any training: benign, hostile, or unclear and used for nothing.",
            "Columns, tab-separated: log, client, requests, label."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:listed", "1:there are no logs", "2:bad options or broken data"})
public final class ListClientsCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "folder of public data sets: its access-logs are listed")
    private Path data;

    @SuppressWarnings("NullAway.Init") // picocli fills options in
    public ListClientsCommand() {}

    @Override
    public Integer call() throws IOException {
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        try {
            var folder = data.resolve("access-logs");
            var found = AccessLogs.find(folder, Progress.standard()::line);
            if (found.logs().isEmpty()) {
                err.println(folder + ": no logs");
                return FAILED;
            }
            out.println("log\tclient\trequests\tlabel");
            for (var log : found.logs()) {
                var requests = new TreeMap<String, Integer>();
                AccessLogReader.read(log.file(), line -> requests.merge(line.client(), 1, Integer::sum));
                requests.forEach((client, count) -> out.println("%s\t%s\t%d\t%s"
                        .formatted(
                                log.name(),
                                client,
                                count,
                                found.rule().of(log.name(), client).name().toLowerCase(Locale.ROOT))));
            }
            out.flush();
            return 0;
        } catch (DataException broken) {
            err.println(broken.getMessage());
            return BAD_INPUT;
        }
    }
}
