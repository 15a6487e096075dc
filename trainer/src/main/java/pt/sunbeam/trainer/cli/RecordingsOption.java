package pt.sunbeam.trainer.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import pt.sunbeam.trainer.dataset.Recordings;

/** Which recorded floods and people are laid over the public access logs. */
final class RecordingsOption {
    private static final String COMMITTED = "trainer/src/main/data/floods";

    @Option(
            names = "--recordings",
            defaultValue = COMMITTED,
            paramLabel = "DIR",
            description =
                    "floods and people that are laid over the public access logs, as bench/floods/record.sh records them")
    private Path folder;

    @SuppressWarnings("NullAway.Init") // picocli fills options in
    RecordingsOption() {}

    Recordings read(Consumer<String> log) throws IOException {
        return Recordings.read(folder, log);
    }

    /** Those that are committed, seen from the root of the repository. */
    static Recordings committed(Consumer<String> log) throws IOException {
        return Recordings.read(Path.of(COMMITTED), log);
    }
}
