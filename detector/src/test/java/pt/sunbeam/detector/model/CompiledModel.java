package pt.sunbeam.detector.model;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import pt.sunbeam.codegen.JavaEmitter;
import pt.sunbeam.codegen.LexiconEmitter;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Model.Lexicon;

/** Models from {@code RandomModels} on the way of committed ones: emitted, compiled with all warnings as errors, loaded. */
final class CompiledModel {
    static Classifier of(Ensemble model, Path folder) throws IOException, ReflectiveOperationException {
        var name = model.name().replace("random-", "Random");
        return (Classifier) call(name, "classifier", JavaEmitter.emit(model, "0".repeat(64)), folder);
    }

    /** The name of the lexicon must be "random". */
    static pt.sunbeam.detector.lexicon.Lexicon of(Lexicon lexicon, String sha256, Path folder)
            throws IOException, ReflectiveOperationException {
        return (pt.sunbeam.detector.lexicon.Lexicon)
                call("RandomLexicon", "lexicon", LexiconEmitter.emit(lexicon, sha256), folder);
    }

    /** What a static method of a generated class gives. */
    private static Object call(String name, String method, String text, Path folder)
            throws IOException, ReflectiveOperationException {
        var source = folder.resolve(name + ".java");
        Files.writeString(source, text);

        var messages = new StringWriter();
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            // The class path of a test run may name folders that do not exist, which is not the source's fault.
            var options = List.of("-Xlint:all,-path", "-Werror", "-proc:none", "-d", folder.toString());
            var sources = files.getJavaFileObjects(source);
            if (!compiler.getTask(messages, files, null, options, null, sources).call()) {
                throw new IllegalStateException(messages.toString());
            }
        }
        try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            var generated = loader.loadClass("pt.sunbeam.detector.model.generated." + name);
            return generated.getMethod(method).invoke(null);
        }
    }

    private CompiledModel() {}
}
