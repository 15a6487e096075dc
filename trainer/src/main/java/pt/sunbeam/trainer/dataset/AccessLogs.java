package pt.sunbeam.trainer.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import pt.sunbeam.trainer.read.ClientTags;
import pt.sunbeam.trainer.read.DataFile;

/**
 * The public access logs that are in a folder.
 *
 * @param tags the table of rules of thumb, where it is there; {@code rule} is made of it
 * @param missing names of logs that are not there
 */
public record AccessLogs(Optional<DataFile> tags, ClientRule rule, List<Log> logs, List<String> missing) {
    /** A log; {@code name} is without ".log". */
    public record Log(String name, DataFile file) {}

    /** Looks what is there; tells what is not. */
    public static AccessLogs find(Path folder, Consumer<String> log) throws IOException {
        var tags = DataFile.find(folder, "client_summary.tsv");
        if (tags.isEmpty()) {
            log.accept("missing: " + folder.resolve("client_summary.tsv") + "[.xz]; all clients count as untagged");
        }
        var rule = new ClientRule(tags.isPresent() ? ClientTags.read(tags.get()) : ClientTags.none());
        var logs = new ArrayList<Log>();
        var missing = new ArrayList<String>();
        for (var names : List.of(ClientRule.BENIGN_LOGS, ClientRule.SCANNER_LOGS, ClientRule.OTHER_LOGS)) {
            for (var name : new TreeSet<>(names)) {
                var file = DataFile.find(folder, name + ".log");
                if (file.isPresent()) {
                    logs.add(new Log(name, file.get()));
                } else {
                    log.accept("missing, left out: " + folder.resolve(name + ".log") + "[.xz]");
                    missing.add(name);
                }
            }
        }
        return new AccessLogs(tags, rule, logs, missing);
    }
}
