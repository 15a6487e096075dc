package pt.sunbeam.codegen;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import pt.sunbeam.codegen.Model.Lexicon;

/** What must hold of a lexicon before anything is computed from it: shape and ranges. */
public final class LexiconChecks {
    public static final int MIN_HASH_BITS = 3;
    public static final int MAX_HASH_BITS = 16;
    public static final int MAX_CHANNELS = 8;
    public static final int MAX_PLACES = 32;

    /** The highest gate and bar. */
    public static final int MAX_STEPS = 1_000_000;

    private static final String SHA256 = "[0-9a-f]{64}";
    static final String WORD = "[a-z][a-z0-9_]{0,31}";

    /** What does not hold, each with what was found and what was expected; an empty list means that all does. */
    public static List<String> faults(Lexicon lexicon) {
        var faults = new ArrayList<String>();
        if (lexicon.name().length() > ModelChecks.MAX_NAME || !lexicon.name().matches(ModelChecks.NAME)) {
            faults.add(
                    found("name " + lexicon.name(), "lower-case words with hyphens, at most " + ModelChecks.MAX_NAME));
        }
        if (!lexicon.ensembleSha256().matches(SHA256)) {
            faults.add(found("ensemble " + lexicon.ensembleSha256(), "64 lower-case hex digits"));
        }
        int channels = lexicon.channels().size();
        if (channels == 0 || channels > MAX_CHANNELS) {
            faults.add(found(channels + " channels", "1 to " + MAX_CHANNELS));
        }
        words("channel", lexicon.channels(), faults);
        if (lexicon.gate() < 1 || lexicon.gate() > MAX_STEPS) {
            faults.add(found("gate " + lexicon.gate(), "1 to " + MAX_STEPS));
        }
        if (lexicon.bars().size() > MAX_PLACES) {
            faults.add(found(lexicon.bars().size() + " bars", "at most " + MAX_PLACES));
        }
        words("place", lexicon.bars().stream().map(Model.Bar::place).toList(), faults);
        for (var bar : lexicon.bars()) {
            if (bar.steps() < 0 || bar.steps() > MAX_STEPS) {
                faults.add(found("bar " + bar.steps() + " for " + bar.place(), "0 to " + MAX_STEPS));
            }
        }
        int slots = lexicon.any().size();
        if (!powerOfTwo(slots, 1 << MAX_HASH_BITS)) {
            faults.add(found(slots + " weights", "a power of two from 2^" + MIN_HASH_BITS + " to 2^" + MAX_HASH_BITS));
        }
        if (lexicon.families().size() != lexicon.familySlots() * channels
                || !powerOfTwo(lexicon.familySlots(), slots)) {
            faults.add(found(
                    lexicon.families().size() + " weights of families",
                    "one for each of %d channels in each slot, a power of two of slots, at most %d"
                            .formatted(channels, slots)));
        }
        weights("weight", lexicon.any(), 1, faults);
        weights("weight of a family", lexicon.families(), Math.max(1, channels), faults);
        return List.copyOf(faults);
    }

    private static boolean powerOfTwo(int slots, int most) {
        return Integer.bitCount(slots) == 1 && slots >= 1 << MIN_HASH_BITS && slots <= most;
    }

    private static void words(String what, List<String> words, List<String> faults) {
        var known = new HashSet<String>();
        for (var word : words) {
            if (!word.matches(WORD)) {
                faults.add(found(what + " " + word, "a snake_case word, at most 32"));
            }
            if (!known.add(word)) {
                faults.add(found(what + " " + word + " again", "each " + what + " once"));
            }
        }
    }

    /** Names the first alone: a table that is out of range is so in many places. */
    private static void weights(String what, List<Integer> weights, int perSlot, List<String> faults) {
        for (int i = 0; i < weights.size(); i++) {
            int weight = weights.get(i);
            if (weight != (byte) weight) {
                faults.add(found(what + " " + weight + " in slot " + i / perSlot, "-128 to 127"));
                return;
            }
        }
    }

    private static String found(String found, String expected) {
        return "found " + found + " (expected: " + expected + ")";
    }

    private LexiconChecks() {}
}
