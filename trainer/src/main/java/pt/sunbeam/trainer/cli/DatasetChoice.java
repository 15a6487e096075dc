package pt.sunbeam.trainer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import pt.sunbeam.trainer.dataset.DatasetBuilder;
import pt.sunbeam.trainer.dataset.DatasetFile;
import pt.sunbeam.trainer.dataset.SourceFiles;
import pt.sunbeam.trainer.read.DataException;

/** Where rows come from: a dataset that is there, or one prepared for this run. */
final class DatasetChoice {
    @Option(names = "--dataset", paramLabel = "FILE", description = "dataset that prepare-dataset wrote")
    private @Nullable Path dataset;

    @Option(names = "--data", paramLabel = "DIR", description = "folder of public data sets, prepared first")
    private @Nullable Path data;

    /** An open dataset; where it was prepared for this run, closing deletes it. */
    record Opened(DatasetFile file, @Nullable Path temporary) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            if (temporary != null) {
                Files.deleteIfExists(temporary);
            }
        }
    }

    /** The option given, without its path. */
    String option() {
        return dataset != null ? "--dataset FILE" : "--data DIR";
    }

    /** For people: what is read. */
    String name() {
        return String.valueOf(dataset != null ? dataset : data);
    }

    /**
     * Opens the dataset, or prepares one.
     *
     * @param seed of what is drawn in preparing
     * @throws DataException if it is no dataset, or no folder
     */
    Opened open(long seed, Consumer<String> log) throws IOException {
        if (dataset != null) {
            return new Opened(DatasetFile.open(dataset), null);
        }
        if (data == null || !Files.isDirectory(data)) {
            throw new DataException(Path.of(name()), "not there (expected: a folder)");
        }
        var temporary = Files.createTempFile("sunbeam-dataset", ".bin");
        boolean done = false;
        try (var builder = new DatasetBuilder(seed)) {
            var sources = new SourceFiles(builder, RecordingsOption.committed(log), seed, log);
            sources.everything(data);
            sources.simulate(SourceFiles.RUNS_A_SHAPE);
            builder.finish(temporary);
            var opened = new Opened(DatasetFile.open(temporary), temporary);
            done = true;
            return opened;
        } finally {
            if (!done) {
                Files.deleteIfExists(temporary);
            }
        }
    }
}
