package pt.sunbeam.proxy.replay;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import pt.sunbeam.codegen.Feature;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.ModelFile;
import pt.sunbeam.config.DdosMode;
import pt.sunbeam.detector.feature.AddressFeatures;
import pt.sunbeam.detector.feature.DdosFeatures;
import pt.sunbeam.detector.feature.ScanFeatures;
import pt.sunbeam.detector.feature.ScannerFeatures;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.model.Models;
import pt.sunbeam.detector.model.ScannerModel;

/** The models of the detectors, one for each mode. */
public record DetectorModels(ReadModel baseline, ReadScanner lexicon, ReadModel ddos, ReadModel ddosBaseline) {
    /**
     * A model.
     *
     * @param model as its file says it
     * @param classifier the same, ready to judge
     * @param version SHA-256 of its file, of the lexicon's where it has one
     */
    public record ReadModel(Ensemble model, Classifier classifier, String version) {}

    /** An ensemble with its lexicon. */
    public record ReadScanner(ReadModel ensemble, ScannerModel model) {}

    /** Which detector, in which mode, a model is for. */
    public enum Kind {
        LEXICON,
        BASELINE,
        DDOS,
        DDOS_BASELINE
    }

    /** Those that the program was built with. */
    public static DetectorModels compiled() {
        ScannerModel scanner = Models.scanner();
        return new DetectorModels(
                compiled(Models.scannerBaseline(), Models.scannerBaseline().sha256()),
                new ReadScanner(compiled(scanner.ensemble(), scanner.version()), scanner),
                compiled(Models.ddos(), Models.ddos().sha256()),
                compiled(Models.ddosBaseline(), Models.ddosBaseline().sha256()));
    }

    /** The DDoS detector's in a mode. */
    public ReadModel ddos(DdosMode mode) {
        return mode == DdosMode.BASELINE ? ddosBaseline : ddos;
    }

    private static ReadModel compiled(Classifier classifier, String version) {
        String file = classifier.name() + ".model";
        try (InputStream in = Models.class.getResourceAsStream(file)) {
            if (in != null
                    && ModelFile.read(in.readAllBytes()) instanceof ModelFile.Loaded(var model, var sha256)
                    && sha256.equals(classifier.sha256())) {
                return new ReadModel(model, classifier, version);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException(file + " is not what was compiled in; build anew");
    }

    /**
     * What the model of a file is for.
     *
     * @throws IllegalArgumentException if the file is no model, or a model of no detector
     */
    public static Kind kind(Path file) throws IOException {
        return kind(loaded(Files.readAllBytes(file)).model());
    }

    /**
     * The same with the model of a file for the detector whose features it has; a lexicon is read from the file of that name beside it, ending in
     * {@code .lexicon}.
     *
     * @throws IllegalArgumentException if the file is no model, or a model of no detector
     */
    public DetectorModels with(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ModelFile.Loaded loaded = loaded(bytes);
        return switch (kind(loaded.model())) {
            case BASELINE -> new DetectorModels(alone(loaded), lexicon, ddos, ddosBaseline);
            case DDOS -> new DetectorModels(baseline, lexicon, alone(loaded), ddosBaseline);
            case DDOS_BASELINE -> new DetectorModels(baseline, lexicon, ddos, alone(loaded));
            case LEXICON ->
                switch (ScannerModel.read(bytes, Files.readAllBytes(lexiconOf(file)))) {
                    case ScannerModel.Refused(var reason) -> throw new IllegalArgumentException(reason);
                    case ScannerModel.Loaded(var scanner) ->
                        new DetectorModels(
                                baseline,
                                new ReadScanner(
                                        new ReadModel(loaded.model(), scanner.ensemble(), scanner.version()), scanner),
                                ddos,
                                ddosBaseline);
                };
        };
    }

    private static Path lexiconOf(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return file.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + ".lexicon");
    }

    private static ModelFile.Loaded loaded(byte[] file) {
        return switch (ModelFile.read(file)) {
            case ModelFile.Refused(var reason) -> throw new IllegalArgumentException(reason);
            case ModelFile.Loaded loaded -> loaded;
        };
    }

    private static ReadModel alone(ModelFile.Loaded loaded) {
        return new ReadModel(loaded.model(), Classifier.of(loaded.model(), loaded.sha256()), loaded.sha256());
    }

    private static Kind kind(Ensemble model) {
        if (hasFeatures(model, ScanFeatures.NAMES, ScanFeatures.UNITS)) {
            return Kind.LEXICON;
        }
        if (hasFeatures(model, ScannerFeatures.NAMES, ScannerFeatures.UNITS)) {
            return Kind.BASELINE;
        }
        if (hasFeatures(model, AddressFeatures.NAMES, AddressFeatures.UNITS)) {
            return Kind.DDOS;
        }
        if (hasFeatures(model, DdosFeatures.NAMES, DdosFeatures.UNITS)) {
            return Kind.DDOS_BASELINE;
        }
        throw new IllegalArgumentException(
                model.name() + " has the features of neither the scanner nor the DDoS detector");
    }

    private static boolean hasFeatures(Ensemble model, List<String> names, List<String> units) {
        return model.features().stream().map(Feature::name).toList().equals(names)
                && model.features().stream().map(Feature::unit).toList().equals(units);
    }
}
