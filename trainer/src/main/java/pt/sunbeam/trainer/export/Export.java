package pt.sunbeam.trainer.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import pt.sunbeam.codegen.Codegen;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.ModelChecks;
import pt.sunbeam.codegen.ModelFile;

/** Writes a model's files, if the model holds what is promised of it. */
public final class Export {
    private Export() {}

    /**
     * Checks a model and writes its file, Java table, Lean constants and vectors below a root.
     *
     * @param evidence features in which it must be monotone
     * @return the SHA-256 of the model file
     * @throws ModelRefused if a check fails; then nothing is written
     */
    public static String write(Ensemble model, Set<Integer> evidence, Path root) throws IOException, ModelRefused {
        check(model, evidence);
        var promising = model.withEvidence(evidence);
        Codegen.emit(promising, root);
        return sha256(ModelFile.write(promising));
    }

    /** The same, with the model file alone. */
    public static String writeFile(Ensemble model, Set<Integer> evidence, Path modelFile)
            throws IOException, ModelRefused {
        check(model, evidence);
        var bytes = ModelFile.write(model.withEvidence(evidence));
        Files.write(modelFile, bytes);
        return sha256(bytes);
    }

    private static void check(Ensemble model, Set<Integer> evidence) throws ModelRefused {
        var faults = new ArrayList<>(ModelChecks.wellFormed(model));
        if (faults.isEmpty()) {
            faults.addAll(ModelChecks.unreachableLeaves(model));
            faults.addAll(ModelChecks.notMonotone(model, evidence));
        }
        if (!faults.isEmpty()) {
            throw new ModelRefused(model.name(), faults);
        }
    }

    private static String sha256(byte[] modelFile) {
        return switch (ModelFile.read(modelFile)) {
            case ModelFile.Loaded(Ensemble _, String sha256) -> sha256;
            case ModelFile.Refused(String reason) -> throw new IllegalStateException(reason);
        };
    }

    /** A model that fails its checks, and which. */
    public static final class ModelRefused extends Exception {
        private static final long serialVersionUID = 1;

        ModelRefused(String name, List<ModelChecks.Fault> faults) {
            super(name + " is not written, for it fails its checks:\n  "
                    + faults.stream().map(ModelChecks.Fault::toString).collect(Collectors.joining("\n  ")));
        }
    }
}
