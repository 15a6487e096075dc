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
import java.util.stream.Collectors;
import pt.sunbeam.codegen.Model.Ensemble;

/**
 * Everything that is committed for a model: its file, the Java class, the Lean constants and the test vectors.
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
        files.put(
                Path.of("detector", "src", "main", "java")
                        .resolve(JavaEmitter.PACKAGE.replace('.', '/'))
                        .resolve(name + ".java"),
                JavaEmitter.emit(model, sha256).getBytes(UTF_8));
        files.put(
                Path.of("detector", "src", "test", "resources", "vectors", model.name() + ".txt"),
                vectors.text().getBytes(UTF_8));
        files.put(
                Path.of("lean4", name + ".lean"),
                LeanEmitter.emit(model, sha256, vectors.cases().subList(0, LEAN_CASES))
                        .getBytes(UTF_8));
        return files;
    }

    /** Writes the {@link #files} of a model, over those that are there. */
    public static void emit(Ensemble model, Path repositoryRoot) throws IOException {
        for (var file : files(model).entrySet()) {
            var path = repositoryRoot.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
    }

    /** {@code re-emit ROOT}: emits every model whose file is committed below ROOT. */
    public static void main(String... args) throws IOException {
        if (args.length != 2 || !args[0].equals("re-emit")) {
            System.err.println("usage: re-emit ROOT, the root of the repository");
            System.exit(2);
        }
        var refusals = reEmit(Path.of(args[1]));
        refusals.forEach(System.err::println);
        System.exit(refusals.isEmpty() ? 0 : 1);
    }

    /** Emits all models below a root but those refused, which it returns with the reasons. */
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
        return refusals;
    }

    /** "scanner-baseline" becomes "ScannerBaseline". */
    static String className(String modelName) {
        return Arrays.stream(modelName.split("-", -1))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }

    private Codegen() {}
}
