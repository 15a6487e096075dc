package pt.sunbeam.trainer.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import pt.sunbeam.trainer.read.DataException;

/**
 * What a model was fitted on, beside its file as {@code NAME.training.json}: whoever scores it can tell rows that it has seen from rows that it has not.
 *
 * @param modelSha256 of the model file
 * @param datasetSha256 of the dataset file
 * @param split "group" or "time"
 * @param heldOut the fold that was never fitted, in [0, 4]; -1 for a split by time
 * @param seed of frames, placement and fit
 * @param settings of the fit
 * @param command that trains it again, without paths
 */
public record TrainingRecord(
        int version,
        String detector,
        String modelSha256,
        String datasetSha256,
        String split,
        int heldOut,
        long seed,
        Map<String, String> settings,
        String command) {
    public static final int VERSION = 1;
    private static final String GROUP = "group";
    private static final String TIME = "time";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public TrainingRecord {
        settings = new TreeMap<>(settings);
    }

    public static TrainingRecord of(
            String detector,
            String modelSha256,
            String datasetSha256,
            Split split,
            long seed,
            Map<String, String> settings,
            String command) {
        return new TrainingRecord(
                VERSION,
                detector,
                modelSha256,
                datasetSha256,
                split instanceof Split.ByGroup ? GROUP : TIME,
                split instanceof Split.ByGroup(int heldOut) ? heldOut : -1,
                seed,
                settings,
                command);
    }

    /** How the rows were divided. */
    public Split splitUsed() {
        return split.equals(GROUP) ? new Split.ByGroup(heldOut) : new Split.ByTime();
    }

    /** Where the record of a model file lies: {@code x.training.json} beside {@code x.model}. */
    public static Path beside(Path modelFile) {
        var name = modelFile.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return modelFile.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + ".training.json");
    }

    public void write(Path path) throws IOException {
        Files.writeString(path, JSON.writeValueAsString(this) + "\n");
    }

    /**
     * Reads a record; empty where there is none.
     *
     * @throws DataException if it is broken or of another version
     */
    public static Optional<TrainingRecord> read(Path path) throws IOException {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try {
            var record = JSON.readValue(Files.readString(path), TrainingRecord.class);
            if (record.version() != VERSION) {
                throw new DataException(path, "found version %d (expected: %d)".formatted(record.version(), VERSION));
            }
            if (!record.split().equals(TIME)
                    && (!record.split().equals(GROUP) || record.heldOut() < 0 || record.heldOut() >= Folds.COUNT)) {
                throw new DataException(
                        path,
                        "found split \"%s\", held out %d (expected: \"time\", or \"group\" and a fold in 0..4)"
                                .formatted(record.split(), record.heldOut()));
            }
            return Optional.of(record);
        } catch (JsonProcessingException broken) {
            var fault = new DataException(path, "broken training record: " + broken.getOriginalMessage());
            fault.initCause(broken);
            throw fault;
        }
    }
}
