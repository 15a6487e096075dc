package pt.sunbeam.proxy.replay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import pt.sunbeam.codegen.Feature;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.ModelFile;
import pt.sunbeam.detector.feature.DdosFeatures;
import pt.sunbeam.detector.feature.ScannerFeatures;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.model.Models;

/** The models of both detectors. */
public record DetectorModels(ReadModel scanner, ReadModel ddos) {
    /**
     * A model.
     *
     * @param model as its file says it
     * @param classifier the same, ready to judge
     */
    public record ReadModel(Ensemble model, Classifier classifier) {}

    /** Those that the program was built with. */
    public static DetectorModels compiled() {
        return new DetectorModels(compiled(Models.scannerBaseline()), compiled(Models.ddosBaseline()));
    }

    private static ReadModel compiled(Classifier classifier) {
        String file = classifier.name() + ".model";
        try (var in = Models.class.getResourceAsStream(file)) {
            if (in != null
                    && ModelFile.read(in.readAllBytes()) instanceof ModelFile.Loaded(var model, var sha256)
                    && sha256.equals(classifier.sha256())) {
                return new ReadModel(model, classifier);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException(file + " is not what was compiled in; build anew");
    }

    /**
     * The same with the model of a file for the detector whose features it has.
     *
     * @throws IllegalArgumentException if the file is no model, or a model of neither detector
     */
    public DetectorModels with(byte[] file) {
        return switch (ModelFile.read(file)) {
            case ModelFile.Refused(var reason) -> throw new IllegalArgumentException(reason);
            case ModelFile.Loaded(var model, var sha256) -> {
                var read = new ReadModel(model, Classifier.of(model, sha256));
                if (hasFeatures(model, ScannerFeatures.NAMES, ScannerFeatures.UNITS)) {
                    yield new DetectorModels(read, ddos);
                }
                if (hasFeatures(model, DdosFeatures.NAMES, DdosFeatures.UNITS)) {
                    yield new DetectorModels(scanner, read);
                }
                throw new IllegalArgumentException(
                        model.name() + " has the features of neither the scanner nor the DDoS detector");
            }
        };
    }

    private static boolean hasFeatures(Ensemble model, List<String> names, List<String> units) {
        return model.features().stream().map(Feature::name).toList().equals(names)
                && model.features().stream().map(Feature::unit).toList().equals(units);
    }
}
