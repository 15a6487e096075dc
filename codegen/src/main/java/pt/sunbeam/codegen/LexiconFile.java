package pt.sunbeam.codegen;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import pt.sunbeam.codegen.Lines.Refusal;
import pt.sunbeam.codegen.Model.Bar;
import pt.sunbeam.codegen.Model.Lexicon;

/**
 * A lexicon as a text of {@link Lines}. It names its ensemble by hash, so its own hash is the version of the pair. A line stands for each slot that has
 * a weight other than 0, in ascending order: the slot, its weight in {@code any}, and its weights in the families. One lexicon has exactly one text.
 *
 * <pre>
 * sunbeam-lexicon 1
 * name scanner
 * ensemble …
 * channels sqli xss traversal command code other
 * gate 60
 * bars 2
 * bar cookie 40
 * bar header 40
 * hash_bits 15
 * slots 2
 * slot 17 -5 3 0 0 0 0 0
 * slot 20331 44 0 51 0 -2 0 0
 * sha256 …
 * </pre>
 *
 * <p>Version 1 implies how text becomes symbols and how three of them become a slot.
 */
public final class LexiconFile {
    public static final int MAX_BYTES = 4 << 20;

    private static final String HEADER = "sunbeam-lexicon 1";

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
        line(text, "hash_bits " + Integer.numberOfTrailingZeros(lexicon.any().size()));
        var slots = new StringBuilder();
        int used = 0;
        int channels = lexicon.channels().size();
        for (int slot = 0; slot < lexicon.any().size(); slot++) {
            int any = lexicon.any().get(slot);
            var families = lexicon.families().subList(slot * channels, (slot + 1) * channels);
            if (any != 0 || families.stream().anyMatch(weight -> weight != 0)) {
                used++;
                slots.append("slot ").append(slot).append(' ').append(any);
                families.forEach(weight -> slots.append(' ').append(weight));
                slots.append('\n');
            }
        }
        line(text, "slots " + used);
        return Lines.hashed(text.append(slots));
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
        int slots = 1 << lines.count("hash_bits", LexiconChecks.MIN_HASH_BITS, LexiconChecks.MAX_HASH_BITS);
        var any = new ArrayList<>(Collections.nCopies(slots, 0));
        var families = new ArrayList<>(Collections.nCopies(slots * channels.size(), 0));
        int used = lines.count("slots", 0, slots);
        int last = -1;
        for (int i = 0; i < used; i++) {
            last = slot(lines, last, any, families, channels.size());
        }
        lines.end();
        var lexicon = new Lexicon(name, ensemble, channels, gate, bars, any, families);
        for (var fault : LexiconChecks.faults(lexicon)) {
            throw new Refusal(fault);
        }
        return lexicon;
    }

    private static int slot(Lines lines, int last, List<Integer> any, List<Integer> families, int channels)
            throws Refusal {
        var form = "slot N, above those before it, and " + (1 + channels) + " weights, not all 0";
        var words = lines.words(form, 3 + channels);
        var numbers = lines.numbers(form, words, 1, 2 + channels);
        int slot = numbers.getFirst();
        if (slot <= last || slot >= any.size() || numbers.stream().skip(1).allMatch(weight -> weight == 0)) {
            throw lines.unexpected(form);
        }
        any.set(slot, numbers.get(1));
        for (int channel = 0; channel < channels; channel++) {
            families.set(slot * channels + channel, numbers.get(2 + channel));
        }
        return slot;
    }

    private LexiconFile() {}
}
