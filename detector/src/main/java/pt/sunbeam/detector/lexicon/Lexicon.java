package pt.sunbeam.detector.lexicon;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import pt.sunbeam.codegen.Model;
import pt.sunbeam.detector.canon.Place;

/**
 * Learned weights (int8) of trigrams of {@link Symbols}: one table that tells attacks of any kind from other text, and one table for each
 * {@link Channel}. A trigram finds its weights in the slot that it hashes to. Immutable and thread-safe.
 *
 * <p>The score of a text is the largest sum of weights over its contiguous segments, 0 for the empty one: what stands before and after a segment
 * never lowers its score.
 */
public final class Lexicon {
    public static final int HASH_BITS = 16;
    public static final int SLOTS = 1 << HASH_BITS;

    /** Of the families: they only tell attacks from each other, so coarser slots will do. */
    public static final int FAMILY_BITS = 14;

    public static final int FAMILY_SLOTS = 1 << FAMILY_BITS;

    /**
     * An odd number of 18 bits, moved to the top of an int. Multiplied by it, a trigram keeps a permutation of its 18 bits there, of which the
     * top 16 are the slot: so each slot belongs to four trigrams, and four slots in a row share one of the families. All that was shifted in
     * before the last three symbols falls off the top.
     */
    private static final int FACTOR = 0x9E3779B1 << 14;

    private static final int TO_SLOT = Integer.SIZE - HASH_BITS;
    private static final int TO_FAMILY_SLOT = Integer.SIZE - FAMILY_BITS;

    /** Bits that a symbol takes. */
    static final int SYMBOL_BITS = 6;

    /** By byte: what it adds to the hash. */
    static final int[] HASH_OF_BYTE = new int[256];

    static {
        for (int b = 0; b < HASH_OF_BYTE.length; b++) {
            HASH_OF_BYTE[b] = Symbols.of((byte) b) * FACTOR;
        }
    }

    final byte[] any;
    final byte[] families;

    private final String sha256;
    private final String ensembleSha256;
    private final int gate;
    private final int[] bars;

    /**
     * @param sha256 the version: of the lexicon's file, lower-case hex
     * @param ensembleSha256 of the ensemble that was fitted on its scores
     * @param any one weight for each of the {@link #SLOTS}
     * @param families {@code families[slot * Channel.COUNT + channel]}, for each of the {@link #FAMILY_SLOTS}
     * @param gate the score in {@code any}, after the bar, from which on a value is suspicious and its families are weighed; positive
     * @param bars what is taken off the scores of a value for its place; not negative, 0 for a place that is not named
     * @throws IllegalArgumentException where a size or range is another
     */
    public Lexicon(
            String sha256, String ensembleSha256, byte[] any, byte[] families, int gate, Map<Place, Integer> bars) {
        expect("weights", any.length, SLOTS);
        expect("weights of families", families.length, FAMILY_SLOTS * Channel.COUNT);
        if (gate < 1) {
            throw new IllegalArgumentException("found gate " + gate + " (expected: a positive number)");
        }
        this.sha256 = sha256;
        this.ensembleSha256 = ensembleSha256;
        this.any = any.clone();
        this.families = families.clone();
        this.gate = gate;
        this.bars = new int[Place.values().length];
        bars.forEach((place, bar) -> {
            if (bar < 0) {
                throw new IllegalArgumentException(
                        "found bar " + bar + " for " + place.word() + " (expected: 0 or more)");
            }
            this.bars[index(place)] = bar;
        });
    }

    /**
     * For generated code.
     *
     * @param channels the words of {@link Channel}, in its order
     * @param places the words of places that have a bar, and in {@code bars} beside them what it is
     * @throws IllegalArgumentException where a word, size or range is another
     */
    public static Lexicon of(
            String sha256,
            String ensembleSha256,
            List<String> channels,
            int gate,
            List<String> places,
            int[] bars,
            byte[] any,
            byte[] families) {
        var known = Arrays.stream(Channel.values()).map(Channel::word).toList();
        if (!channels.equals(known)) {
            throw new IllegalArgumentException("found channels " + channels + " (expected: " + known + ")");
        }
        var byPlace = new EnumMap<Place, Integer>(Place.class);
        for (int i = 0; i < places.size(); i++) {
            byPlace.put(place(places.get(i)), bars[i]);
        }
        return new Lexicon(sha256, ensembleSha256, any, families, gate, byPlace);
    }

    /**
     * A lexicon that was read at run time.
     *
     * @throws IllegalArgumentException where it names channels or places that are not known here, or has another size
     */
    public static Lexicon of(Model.Lexicon lexicon, String sha256) {
        return of(
                sha256,
                lexicon.ensembleSha256(),
                lexicon.channels(),
                lexicon.gate(),
                lexicon.bars().stream().map(Model.Bar::place).toList(),
                lexicon.bars().stream().mapToInt(Model.Bar::steps).toArray(),
                bytes(lexicon.any()),
                bytes(lexicon.families()));
    }

    private static byte[] bytes(List<Integer> weights) {
        var bytes = new byte[weights.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = weights.get(i).byteValue();
        }
        return bytes;
    }

    private static Place place(String word) {
        return Arrays.stream(Place.values())
                .filter(place -> place.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "found a bar for " + word + " (expected: one of " + Arrays.toString(Place.values()) + ")"));
    }

    private static void expect(String what, int found, int expected) {
        if (found != expected) {
            throw new IllegalArgumentException("found %d %s (expected: %d)".formatted(found, what, expected));
        }
    }

    /** The slot of a trigram of {@link Symbols}, in [0, {@link #SLOTS}). */
    public static int slot(int first, int second, int third) {
        return slotOf(((first << SYMBOL_BITS | second) << SYMBOL_BITS | third) * FACTOR);
    }

    /** The slot of the trigram that begins at a byte of canonical text. */
    public static int slot(byte[] text, int at) {
        return slot(Symbols.of(text[at]), Symbols.of(text[at + 1]), Symbols.of(text[at + 2]));
    }

    /** The slot of what was hashed last. */
    static int slotOf(int hash) {
        return hash >>> TO_SLOT;
    }

    /** Likewise, in the families. */
    static int familySlotOf(int hash) {
        return hash >>> TO_FAMILY_SLOT;
    }

    /** The slot of the families that a slot in [0, {@link #SLOTS}) belongs to. */
    public static int familySlot(int slot) {
        return slot >>> (HASH_BITS - FAMILY_BITS);
    }

    /** SHA-256 of the lexicon's file, lower-case hex; it names the ensemble's, so it is the version of both. */
    public String sha256() {
        return sha256;
    }

    public String ensembleSha256() {
        return ensembleSha256;
    }

    public int gate() {
        return gate;
    }

    public int bar(Place place) {
        return bars[index(place)];
    }

    @SuppressWarnings("EnumOrdinal") // an index for as long as this process runs, asked for with each value
    private static int index(Place place) {
        return place.ordinal();
    }
}
