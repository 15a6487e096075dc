package pt.sunbeam.trainer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import pt.sunbeam.trainer.dataset.DatasetBuilder;
import pt.sunbeam.trainer.dataset.DatasetFile;
import pt.sunbeam.trainer.dataset.PublicSets;
import pt.sunbeam.trainer.read.DataException;

/** Where rows come from: a dataset that is there, or one prepared for this run. */
final class DatasetChoice {
    @Option(names = "--dataset", paramLabel = "FILE", description = "dataset that prepare-dataset wrote")
    private @Nullable Path dataset;

    @Option(names = "--data", paramLabel = "DIR", description = "folder of public data sets, prepared first")
    private @Nullable Path data;

    /** What is done with a dataset. */
    interface Use<E extends Exception> {
        void with(DatasetFile file) throws IOException, E;
    }

    /** The option given, without its path. */
    String option() {
        return dataset != null ? "--dataset FILE" : "--data DIR";
    }

    /** For people: what was read. */
    String name() {
        return String.valueOf(dataset != null ? dataset : data);
    }

    /**
     * Opens the dataset and hands it on; one prepared for this run is deleted afterwards.
     *
     * @param seed of what is drawn in preparing
     * @throws DataException if it is no dataset, or no folder
     */
    <E extends Exception> void use(long seed, Consumer<String> log, Use<E> use) throws IOException, E {
        if (dataset != null) {
            use.with(DatasetFile.open(dataset));
            return;
        }
        if (data == null || !Files.isDirectory(data)) {
            throw new DataException(Path.of(name()), "not there (expected: a folder)");
        }
        var temporary = Files.createTempFile("sunbeam-dataset", ".bin");
        try (var builder = new DatasetBuilder(seed)) {
            PublicSets.read(builder, data, seed, log);
            builder.finish(temporary);
            use.with(DatasetFile.open(temporary));
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
