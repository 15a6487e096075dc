package pt.sunbeam.trainer.lexicon;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.lexicon.Channel;
import pt.sunbeam.trainer.dataset.RequestRow;
import pt.sunbeam.trainer.dataset.Targets;

/** Which rows of public sets teach the lexicon, and in which channel. */
final class AttackFamilies {
    private static final Map<String, Channel> CHANNELS = Map.ofEntries(
            Map.entry("sqli", Channel.SQLI),
            Map.entry("xss", Channel.XSS),
            Map.entry("traversal", Channel.TRAVERSAL),
            Map.entry("lfi", Channel.TRAVERSAL),
            Map.entry("cmdexe", Channel.COMMAND),
            Map.entry("shellshock", Channel.COMMAND),
            Map.entry("log4shell", Channel.CODE),
            Map.entry("ssti", Channel.CODE),
            Map.entry("xxe", Channel.OTHER),
            Map.entry("ldap", Channel.OTHER),
            Map.entry("nosqli", Channel.OTHER),
            Map.entry("ssi", Channel.OTHER));

    /** Lists of names, words and numbers that are attacks only where they are asked for. */
    private static final Set<String> NO_TEXT = Set.of(
            "authentication",
            "disclosure-directory",
            "disclosure-source",
            "file-upload",
            "format-strings",
            "insecure-management-interface",
            "integer-overflow",
            "json",
            "os-dir-indexing",
            "probe",
            "protocol",
            "redirect",
            "string-expansion",
            "unicode",
            "web-cache-deception");

    /** Families whose lists hold bare names as well. */
    private static final Set<String> MARKED = Set.of("ldap", "xss", "cmdexe", "sqli");

    private static final String MARKS = "<>\"'`;|&$(){}%\\*=";
    private static final int SHORTEST = 5;

    private AttackFamilies() {}

    /** Whether a row is a payload whose text shows that it is one. */
    static boolean teaches(RequestRow row, String payload) {
        if (!row.attack() || !row.payload() || NO_TEXT.contains(row.origin().family())) {
            return false;
        }
        if (payload.length() < SHORTEST
                || payload.startsWith("# ")
                || payload.toLowerCase(Locale.ROOT).contains("{file}")) {
            return false;
        }
        return switch (row.origin().source()) {
            case "fwaf" ->
                Targets.decoded(payload).chars().anyMatch(c -> "<>\"'`;|$(){}\\".indexOf(c) >= 0)
                        || payload.contains("..");
            case "fuzzdb" -> hasMark(payload);
            default -> !MARKED.contains(row.origin().family()) || hasMark(payload);
        };
    }

    private static boolean hasMark(String payload) {
        return payload.chars().anyMatch(c -> MARKS.indexOf(c) >= 0);
    }

    /** The channel of a row, null where its set does not say. */
    static @Nullable Channel channel(RequestRow row) {
        return row.origin().source().equals("sqlmap-payloads")
                ? Channel.SQLI
                : CHANNELS.get(row.origin().family());
    }
}
