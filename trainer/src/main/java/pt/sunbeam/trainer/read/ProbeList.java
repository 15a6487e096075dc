package pt.sunbeam.trainer.read;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import pt.sunbeam.detector.audit.ByteLines;

/**
 * Reads lists of what scanners ask for, each line by its own look: nuclei probes ({@code {"template", ...}}), paths in JSON ({@code {"file", "path"}}), and plain
 * paths as in the word lists of dirsearch and SecLists, where a line that begins with {@code #} is a comment.
 *
 * <p>A path becomes a GET for it: it is given a slash at its beginning, and what may not stand in a target is percent-encoded, as the tools do. For dirsearch's
 * {@code %EXT%} one of {@value #EXTENSIONS} stands, in rotation. The group is the list.
 */
public final class ProbeList {
    static final String EXTENSIONS = "php aspx jsp html js"; // dirsearch's own, but for asp
    private static final List<String> EXTENSION = List.of(EXTENSIONS.split(" "));
    private static final int LONGEST_PATH = 8_192; // what servers take

    private ProbeList() {}

    /** The file itself; or the lists (.txt, .jsonl, .list, packed or not) in a folder and below it, in the order of their names. */
    public static List<DataFile> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(new DataFile(path));
        }
        try (var below = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
            var files = below.filter(Files::isRegularFile)
                    .map(DataFile::new)
                    .filter(file -> file.name().matches(".*\\.(txt|jsonl|list)"))
                    .sorted((a, b) -> a.path().compareTo(b.path()))
                    .toList();
            if (files.isEmpty()) {
                throw new DataException(path, "no word lists in it (expected: files *.txt, *.jsonl or *.list)");
            }
            return files;
        }
    }

    public static Account read(DataFile file, Consumer<RecordedRequest> sink) throws IOException {
        return Lines.each(file, line -> sink.accept(probe(file.name(), line)));
    }

    private static RecordedRequest probe(String list, ByteLines line) throws SetAside {
        var text = Lines.text(line).strip();
        if (text.isEmpty() || text.startsWith("#")) {
            throw SetAside.leftOut("blank line or comment");
        }
        if (!text.startsWith("{\"")) {
            return get(list, text, line.number());
        }
        var row = JsonRow.of(line);
        if (row.has("template")) {
            return JsonLines.nuclei(row, line.number());
        }
        return get(list + " " + row.text("file"), row.text("path"), line.number());
    }

    private static RecordedRequest get(String group, String path, long line) throws SetAside {
        if (path.length() > LONGEST_PATH) {
            throw SetAside.malformed("path", path.length() + " bytes", "at most " + LONGEST_PATH);
        }
        if (path.indexOf(0) >= 0) {
            throw SetAside.foreign("no text: a byte 0");
        }
        var filled = path.replace("%EXT%", EXTENSION.get((int) (line % EXTENSION.size())));
        return new RecordedRequest(
                group, "GET", encoded(filled.startsWith("/") ? filled : "/" + filled), List.of(), "", line);
    }

    /** Percent-encodes blanks, control characters, bytes beyond ASCII and the fragment's sign. */
    private static String encoded(String path) {
        var target = new StringBuilder(path.length() + 16);
        for (byte b : path.getBytes(StandardCharsets.ISO_8859_1)) {
            if (b <= ' ' || b == 0x7f || b == '#') {
                target.append("%%%02X".formatted(b & 0xff));
            } else {
                target.append((char) b);
            }
        }
        return target.toString();
    }
}
