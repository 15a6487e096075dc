package pt.sunbeam.detector.model;

import pt.sunbeam.codegen.LexiconFile;
import pt.sunbeam.codegen.Model;
import pt.sunbeam.codegen.ModelFile;
import pt.sunbeam.detector.feature.ScanFeatures;
import pt.sunbeam.detector.lexicon.Lexicon;

/**
 * The scanner detector's two parts, which were fitted together: the lexicon weighs the values of a request, the ensemble judges the
 * {@link ScanFeatures} that come of it.
 */
public record ScannerModel(Classifier ensemble, Lexicon lexicon) {

    /** What became of two files. */
    public sealed interface Outcome {}

    public record Loaded(ScannerModel model) implements Outcome {}

    /** The files are no scanner model: which of them and why. */
    public record Refused(String reason) implements Outcome {}

    /** @throws IllegalArgumentException if the two do not belong together */
    public ScannerModel {
        if (!ensemble.sha256().equals(lexicon.ensembleSha256())) {
            throw new IllegalArgumentException("found ensemble %s (expected: %s, which the lexicon names)"
                    .formatted(ensemble.sha256(), lexicon.ensembleSha256()));
        }
        if (ensemble.features() != ScanFeatures.COUNT) {
            throw new IllegalArgumentException(
                    "found %d features (expected: %d)".formatted(ensemble.features(), ScanFeatures.COUNT));
        }
    }

    /** SHA-256 of the lexicon's file, lower-case hex, which holds that of the ensemble. */
    public String version() {
        return lexicon.sha256();
    }

    /** Reads the two files of a model; never throws, whatever the bytes. */
    public static Outcome read(byte[] modelFile, byte[] lexiconFile) {
        return switch (ModelFile.read(modelFile)) {
            case ModelFile.Refused(String reason) -> new Refused("ensemble: " + reason);
            case ModelFile.Loaded(Model.Ensemble ensemble, String sha256) ->
                switch (LexiconFile.read(lexiconFile)) {
                    case LexiconFile.Refused(String reason) -> new Refused("lexicon: " + reason);
                    case LexiconFile.Loaded(Model.Lexicon lexicon, String version) ->
                        pair(ensemble, sha256, lexicon, version);
                };
        };
    }

    private static Outcome pair(Model.Ensemble ensemble, String sha256, Model.Lexicon lexicon, String version) {
        var names = ensemble.features().stream().map(feature -> feature.name()).toList();
        if (!names.equals(ScanFeatures.NAMES)) {
            return new Refused("ensemble: found features " + names + " (expected: " + ScanFeatures.NAMES + ")");
        }
        try {
            return new Loaded(new ScannerModel(Classifier.of(ensemble, sha256), Lexicon.of(lexicon, version)));
        } catch (IllegalArgumentException apart) {
            return new Refused(String.valueOf(apart.getMessage()));
        }
    }
}
