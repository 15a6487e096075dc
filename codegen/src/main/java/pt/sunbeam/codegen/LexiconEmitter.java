package pt.sunbeam.codegen;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import pt.sunbeam.codegen.Model.Lexicon;

/**
 * A lexicon as the source of one Java class. Its tables are far beyond what an initialiser of an array may hold, so they are text in base64, in
 * constants of less than the 65,535 bytes that a class file allows.
 */
public final class LexiconEmitter {
    private static final int BYTES_PER_LINE = 90;

    /** With line ends 60,500 characters. */
    private static final int BYTES_PER_PIECE = 500 * BYTES_PER_LINE;

    /** The same lexicon always gives the same text. */
    public static String emit(Lexicon lexicon, String sha256) {
        var any = pieces(lexicon.any());
        var families = pieces(lexicon.families());
        return """
                // Generated from %s.lexicon by LexiconEmitter; not to be edited.
                package %s;

                import java.util.List;
                import pt.sunbeam.detector.lexicon.Lexicon;
                import pt.sunbeam.detector.lexicon.PackedTable;

                /** The lexicon of %s as code: %d slots, and %d for %d channels. */
                public final class %s {
                    private static final String SHA256 = "%s";
                    private static final String ENSEMBLE_SHA256 = "%s";
                    private static final int GATE = %d;

                    public static Lexicon lexicon() {
                        return Lexicon.of(
                                SHA256,
                                ENSEMBLE_SHA256,
                                List.of(%s),
                                GATE,
                                List.of(%s),
                                new int[] {%s},
                                PackedTable.unpack(%s),
                                PackedTable.unpack(%s));
                    }

                %s%s    private %s() {}
                }
                """.formatted(
                lexicon.name(),
                JavaEmitter.PACKAGE,
                lexicon.name(),
                lexicon.any().size(),
                lexicon.familySlots(),
                lexicon.channels().size(),
                className(lexicon),
                sha256,
                lexicon.ensembleSha256(),
                lexicon.gate(),
                quoted(lexicon.channels()),
                quoted(lexicon.bars().stream().map(Model.Bar::place).toList()),
                lexicon.bars().stream().map(bar -> String.valueOf(bar.steps())).collect(Collectors.joining(", ")),
                names("ANY", any),
                names("FAMILIES", families),
                constants("ANY", any),
                constants("FAMILIES", families),
                className(lexicon));
    }

    /** "scanner" becomes "ScannerLexicon". */
    static String className(Lexicon lexicon) {
        return Codegen.className(lexicon.name()) + "Lexicon";
    }

    private static String quoted(List<String> words) {
        return words.stream().map(word -> "\"" + word + "\"").collect(Collectors.joining(", "));
    }

    private static String names(String name, List<String> pieces) {
        var names = new ArrayList<String>();
        for (int i = 0; i < pieces.size(); i++) {
            names.add(name + "_" + i);
        }
        return String.join(", ", names);
    }

    private static String constants(String name, List<String> pieces) {
        var text = new StringBuilder();
        for (int i = 0; i < pieces.size(); i++) {
            text.append("    private static final String %s_%d = \"\"\"\n".formatted(name, i));
            pieces.get(i)
                    .lines()
                    .forEach(line -> text.append("            ").append(line).append('\n'));
            text.append("            \"\"\";\n\n");
        }
        return text.toString();
    }

    /** Base64 of at most a constant's length each, in lines. */
    private static List<String> pieces(List<Integer> weights) {
        var bytes = new byte[weights.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = weights.get(i).byteValue();
        }
        var pieces = new ArrayList<String>();
        for (int from = 0; from < bytes.length; from += BYTES_PER_PIECE) {
            var piece = new byte[Math.min(BYTES_PER_PIECE, bytes.length - from)];
            System.arraycopy(bytes, from, piece, 0, piece.length);
            pieces.add(Base64.getMimeEncoder(BYTES_PER_LINE / 3 * 4, new byte[] {'\n'})
                    .encodeToString(piece));
        }
        return pieces;
    }

    private LexiconEmitter() {}
}
