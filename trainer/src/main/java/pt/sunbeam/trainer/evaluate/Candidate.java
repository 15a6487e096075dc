package pt.sunbeam.trainer.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import pt.sunbeam.codegen.ModelFile;
import pt.sunbeam.trainer.dataset.TrainingRecord;
import pt.sunbeam.trainer.read.DataException;

/**
 * A model file and what is known of its training.
 *
 * @param training empty where no training record lies beside the file
 */
public record Candidate(Path path, ModelFile.Loaded file, Optional<TrainingRecord> training) {
    /**
     * Reads a model and the record beside it.
     *
     * @param model the name that it must have
     * @throws DataException if it is no model, another detector's, or the record another model's
     */
    public static Candidate read(Path path, String model) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new DataException(path, "not there (expected: a model file, such as " + model + ".model)");
        }
        var loaded = switch (ModelFile.read(Files.readAllBytes(path))) {
            case ModelFile.Loaded file -> file;
            case ModelFile.Refused(String reason) -> throw new DataException(path, reason);
        };
        if (!loaded.model().name().equals(model)) {
            throw new DataException(
                    path,
                    "found model \"%s\" (expected: %s)".formatted(loaded.model().name(), model));
        }
        var beside = TrainingRecord.beside(path);
        var training = TrainingRecord.read(beside);
        if (training.isPresent() && !training.get().modelSha256().equals(loaded.sha256())) {
            throw new DataException(
                    beside,
                    "record of model %s, but the model beside it is %s (expected: the record written with the model)"
                            .formatted(training.get().modelSha256(), loaded.sha256()));
        }
        return new Candidate(path, loaded, training);
    }

    /** The fold that the model was fitted without, or {@link Scored#LAST_FIFTH}; empty where nothing is known. */
    public OptionalInt heldOut() {
        return training.stream().mapToInt(TrainingRecord::heldOut).findFirst();
    }
}
