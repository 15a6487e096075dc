package pt.sunbeam.trainer.export;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Files below a root as they stood, to tell what a training changed. */
public final class Changes {
    private static final String REBUILD = "mvn -q -Dmaven.test.skip=true -pl proxy-actors -am package";

    private final Path root;
    private final Map<Path, List<String>> before = new LinkedHashMap<>();

    private Changes(Path root) {
        this.root = root;
    }

    /** Notes how files stand now. */
    public static Changes from(Path root, Collection<Path> files) throws IOException {
        var changes = new Changes(root);
        for (var file : files) {
            changes.before.put(file, lines(root.resolve(file)));
        }
        return changes;
    }

    /** One line for each file, with lines added and removed, and how to rebuild. */
    public String text() throws IOException {
        var text = new ArrayList<String>();
        for (var file : before.entrySet()) {
            var now = lines(root.resolve(file.getKey()));
            int added = surplus(now, file.getValue());
            int removed = surplus(file.getValue(), now);
            text.add(" %s | %s"
                    .formatted(
                            file.getKey(),
                            added + removed == 0 ? "unchanged" : "+%,d -%,d lines".formatted(added, removed)));
        }
        text.add("To rebuild the proxy with these tables: " + REBUILD + " (./sunbeam serve does so by itself)");
        return String.join("\n", text);
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file)
                ? Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList()
                : List.of();
    }

    /** How many lines of one text are not in the other. */
    private static int surplus(List<String> text, List<String> other) {
        var counts = new HashMap<String, Integer>();
        other.forEach(line -> counts.merge(line, 1, Integer::sum));
        int surplus = 0;
        for (var line : text) {
            surplus += counts.merge(line, -1, Integer::sum) < 0 ? 1 : 0;
        }
        return surplus;
    }
}
