package pt.sunbeam.codegen;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import pt.sunbeam.codegen.Lines.Refusal;
import pt.sunbeam.codegen.Model.Bar;
import pt.sunbeam.codegen.Model.Lexicon;

/**
 * A lexicon as a text of {@link Lines}. It names its ensemble by hash, so its own hash is the version of the pair. A line stands for each slot that has
 * a weight other than 0, in ascending order: first those of {@code any}, then those of the families. One lexicon has exactly one text.
 *
 * <pre>
 * sunbeam-lexicon 2
 * name scanner
 * ensemble …
 * channels sqli xss traversal command code other
 * gate 60
 * bars 2
 * bar cookie 40
 * bar header 40
 * hash_bits 16
 * slots 2
 * slot 17 -5
 * slot 40331 44
 * family_bits 14
 * families 1
 * family 10082 0 51 0 -2 0 0
 * sha256 …
 * </pre>
 *
 * <p>Version 2 implies how text becomes symbols and how three of them become a slot.
 */
public final class LexiconFile {
    public static final int MAX_BYTES = 8 << 20;

    private static final String HEADER = "sunbeam-lexicon 2";

    /** What became of a file. */
    public sealed interface Outcome {}

    /** A well-formed lexicon and its version. */
    public record Loaded(Lexicon lexicon, String sha256) implements Outcome {}

    /** The file is not a lexicon: why, with the line, or with both hashes where they differ. */
    public record Refused(String reason) implements Outcome {}

    /**
     * The file of a lexicon.
     *
     * @throws IllegalArgumentException if the lexicon has {@link LexiconChecks#faults faults}
     */
    public static byte[] write(Lexicon lexicon) {
        var faults = LexiconChecks.faults(lexicon);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(lexicon.name() + ": " + faults);
        }
        var text = new StringBuilder(HEADER).append('\n');
        line(text, "name " + lexicon.name());
        line(text, "ensemble " + lexicon.ensembleSha256());
        line(text, "channels " + String.join(" ", lexicon.channels()));
        line(text, "gate " + lexicon.gate());
        line(text, "bars " + lexicon.bars().size());
        for (var bar : lexicon.bars()) {
            line(text, "bar " + bar.place() + " " + bar.steps());
        }
        table(text, "hash_bits", "slots", "slot", lexicon.any(), 1);
        table(
                text,
                "family_bits",
                "families",
                "family",
                lexicon.families(),
                lexicon.channels().size());
        return Lines.hashed(text);
    }

    private static void table(
            StringBuilder text, String bits, String count, String word, List<Integer> weights, int perSlot) {
        int size = weights.size() / perSlot;
        line(text, bits + " " + Integer.numberOfTrailingZeros(size));
        var slots = new StringBuilder();
        int used = 0;
        for (int slot = 0; slot < size; slot++) {
            var of = weights.subList(slot * perSlot, (slot + 1) * perSlot);
            if (of.stream().anyMatch(weight -> weight != 0)) {
                used++;
                slots.append(word).append(' ').append(slot);
                of.forEach(weight -> slots.append(' ').append(weight));
                slots.append('\n');
            }
        }
        line(text, count + " " + used);
        text.append(slots);
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }

    /** Reads and checks a file; never throws, whatever the bytes. */
    public static Outcome read(byte[] file) {
        try {
            var lines = Lines.open(file, MAX_BYTES, HEADER);
            return new Loaded(lexicon(lines), lines.sha256());
        } catch (Refusal refusal) {
            return new Refused(refusal.reason);
        }
    }

    private static Lexicon lexicon(Lines lines) throws Refusal {
        var name = lines.rest("name");
        var ensemble = lines.rest("ensemble");
        var channels = List.of(lines.rest("channels").split(" ", -1));
        if (channels.size() > LexiconChecks.MAX_CHANNELS) {
            throw lines.unexpected("channels and at most " + LexiconChecks.MAX_CHANNELS + " words");
        }
        int gate = lines.number("gate");
        int barCount = lines.count("bars", 0, LexiconChecks.MAX_PLACES);
        var bars = new ArrayList<Bar>();
        for (int i = 0; i < barCount; i++) {
            var form = "bar PLACE N";
            var words = lines.words(form, 3);
            if (words.length != 3) {
                throw lines.unexpected(form);
            }
            bars.add(new Bar(words[1], lines.number(words[2], form)));
        }
        var any = table(lines, "hash_bits", "slots", "slot", 1);
        var families = table(lines, "family_bits", "families", "family", channels.size());
        lines.end();
        var lexicon = new Lexicon(name, ensemble, channels, gate, bars, any, families);
        for (var fault : LexiconChecks.faults(lexicon)) {
            throw new Refusal(fault);
        }
        return lexicon;
    }

    private static List<Integer> table(Lines lines, String bits, String count, String word, int perSlot)
            throws Refusal {
        int slots = 1 << lines.count(bits, LexiconChecks.MIN_HASH_BITS, LexiconChecks.MAX_HASH_BITS);
        var weights = new ArrayList<>(Collections.nCopies(slots * perSlot, 0));
        int used = lines.count(count, 0, slots);
        var form = word + " N, above those before it, and " + perSlot + " weights, not all 0";
        int last = -1;
        for (int i = 0; i < used; i++) {
            var numbers = lines.numbers(form, lines.words(form, 2 + perSlot), 1, 1 + perSlot);
            int slot = numbers.getFirst();
            if (slot <= last || slot >= slots || numbers.stream().skip(1).allMatch(weight -> weight == 0)) {
                throw lines.unexpected(form);
            }
            for (int j = 0; j < perSlot; j++) {
                weights.set(slot * perSlot + j, numbers.get(1 + j));
            }
            last = slot;
        }
        return weights;
    }

    private LexiconFile() {}
}
