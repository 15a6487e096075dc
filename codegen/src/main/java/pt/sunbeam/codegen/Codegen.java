package pt.sunbeam.codegen;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Model.Lexicon;

/**
 * Everything that is committed for a model: its file, the Java class, the Lean constants and the test vectors; and for its lexicon, where it has one,
 * the file and the Java class.
 *
 * <p>{@code mvn -q -pl codegen process-classes exec:exec@re-emit} makes all of it again from the committed model files.
 */
public final class Codegen {
    /** The model files, below the root of the repository. */
    public static final Path MODELS = Path.of("detector", "src", "main", "models");

    private static final int VECTORS = 10_000;
    private static final int LEAN_CASES = 32;
    private static final long SEED = 1;

    /** The files of a model by their path below the root of the repository; the same model always gives the same bytes. */
    public static Map<Path, byte[]> files(Ensemble model) {
        var file = ModelFile.write(model);
        var sha256 = ((ModelFile.Loaded) ModelFile.read(file)).sha256();
        var name = className(model.name());
        var vectors = Vectors.of(model, sha256, SEED, VECTORS);
        var files = new LinkedHashMap<Path, byte[]>();
        files.put(MODELS.resolve(model.name() + ".model"), file);
        files.put(generated(name), JavaEmitter.emit(model, sha256).getBytes(UTF_8));
        files.put(
                Path.of("detector", "src", "test", "resources", "vectors", model.name() + ".txt"),
                vectors.text().getBytes(UTF_8));
        files.put(
                Path.of("lean4", name + ".lean"),
                LeanEmitter.emit(model, sha256, vectors.cases().subList(0, LEAN_CASES))
                        .getBytes(UTF_8));
        return files;
    }

    /** The files of a lexicon, likewise. */
    public static Map<Path, byte[]> files(Lexicon lexicon) {
        var file = LexiconFile.write(lexicon);
        var sha256 = ((LexiconFile.Loaded) LexiconFile.read(file)).sha256();
        return Map.of(
                MODELS.resolve(lexicon.name() + ".lexicon"),
                file,
                generated(LexiconEmitter.className(lexicon)),
                LexiconEmitter.emit(lexicon, sha256).getBytes(UTF_8));
    }

    private static Path generated(String className) {
        return Path.of("detector", "src", "main", "java")
                .resolve(JavaEmitter.PACKAGE.replace('.', '/'))
                .resolve(className + ".java");
    }

    /** Writes the {@link #files} of a model, over those that are there. */
    public static void emit(Ensemble model, Path repositoryRoot) throws IOException {
        write(files(model), repositoryRoot);
    }

    /**
     * Writes the files of an ensemble and of the lexicon whose scores it judges.
     *
     * @throws IllegalArgumentException if the lexicon names another ensemble
     */
    public static void emit(Ensemble model, Lexicon lexicon, Path repositoryRoot) throws IOException {
        var fault = mismatch(lexicon, ModelFile.write(model));
        if (fault.isPresent()) {
            throw new IllegalArgumentException(fault.get());
        }
        emit(model, repositoryRoot);
        write(files(lexicon), repositoryRoot);
    }

    private static void write(Map<Path, byte[]> files, Path repositoryRoot) throws IOException {
        for (var file : files.entrySet()) {
            var path = repositoryRoot.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
    }

    /** {@code re-emit ROOT}: emits every model and lexicon whose file is committed below ROOT. */
    public static void main(String... args) throws IOException {
        if (args.length != 2 || !args[0].equals("re-emit")) {
            System.err.println("usage: re-emit ROOT, the root of the repository");
            System.exit(2);
        }
        var refusals = reEmit(Path.of(args[1]));
        refusals.forEach(System.err::println);
        System.exit(refusals.isEmpty() ? 0 : 1);
    }

    /** Emits all models and lexicons below a root but those refused, which it returns with the reasons. */
    static List<String> reEmit(Path root) throws IOException {
        var refusals = new ArrayList<String>();
        try (var paths = Files.newDirectoryStream(root.resolve(MODELS), "*.model")) {
            for (var path : paths) {
                switch (ModelFile.read(Files.readAllBytes(path))) {
                    case ModelFile.Loaded(Ensemble model, String _) -> emit(model, root);
                    case ModelFile.Refused(String reason) -> refusals.add(path + ": " + reason);
                }
            }
        }
        try (var paths = Files.newDirectoryStream(root.resolve(MODELS), "*.lexicon")) {
            for (var path : paths) {
                switch (LexiconFile.read(Files.readAllBytes(path))) {
                    case LexiconFile.Loaded(Lexicon lexicon, String _) -> {
                        var model = path.resolveSibling(lexicon.name() + ".model");
                        var fault = Files.exists(model)
                                ? mismatch(lexicon, Files.readAllBytes(model))
                                : Optional.of("no " + model.getFileName() + " beside it");
                        fault.ifPresent(what -> refusals.add(path + ": " + what));
                        if (fault.isEmpty()) {
                            write(files(lexicon), root);
                        }
                    }
                    case LexiconFile.Refused(String reason) -> refusals.add(path + ": " + reason);
                }
            }
        }
        return refusals;
    }

    /** Why a lexicon does not belong to the ensemble in a file. */
    private static Optional<String> mismatch(Lexicon lexicon, byte[] modelFile) {
        return switch (ModelFile.read(modelFile)) {
            case ModelFile.Loaded(Ensemble model, String sha256)
            when sha256.equals(lexicon.ensembleSha256()) && model.name().equals(lexicon.name()) -> Optional.empty();
            case ModelFile.Loaded(Ensemble model, String sha256) ->
                Optional.of("lexicon of %s %s, found %s %s"
                        .formatted(lexicon.name(), lexicon.ensembleSha256(), model.name(), sha256));
            case ModelFile.Refused(String reason) -> Optional.of("its ensemble: " + reason);
        };
    }

    /** "scanner-baseline" becomes "ScannerBaseline". */
    static String className(String modelName) {
        return Arrays.stream(modelName.split("-", -1))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }

    private Codegen() {}
}
