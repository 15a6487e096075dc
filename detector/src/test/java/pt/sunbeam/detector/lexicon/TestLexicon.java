package pt.sunbeam.detector.lexicon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import pt.sunbeam.detector.canon.Place;

/** A lexicon by hand: weights of the trigrams that are named, 0 for all others (but for those that share a slot with them). */
public final class TestLexicon {
    private final byte[] any = new byte[Lexicon.SLOTS];
    private final byte[] families = new byte[Lexicon.FAMILY_SLOTS * Channel.COUNT];
    private final Map<Place, Integer> bars = new EnumMap<>(Place.class);
    private int gate = 10;

    /** Weights from -20 to 19, so that segments of all lengths win. */
    public static Lexicon random(long seed) {
        var random = new SplittableRandom(seed);
        var test = new TestLexicon();
        for (int i = 0; i < test.any.length; i++) {
            test.any[i] = (byte) random.nextInt(-20, 20);
        }
        for (int i = 0; i < test.families.length; i++) {
            test.families[i] = (byte) random.nextInt(-20, 20);
        }
        return test.build();
    }

    /** Weights as training leaves them: most are 0 or below, for most of what is said is benign. */
    public static Lexicon sparse(int gate) {
        var random = new SplittableRandom(1);
        var test = new TestLexicon().gate(gate);
        for (int i = 0; i < test.any.length; i++) {
            test.any[i] = (byte) random.nextInt(-20, 10);
        }
        for (int i = 0; i < test.families.length; i++) {
            test.families[i] = (byte) random.nextInt(-20, 10);
        }
        return test.build();
    }

    /** Gives each trigram of the text this weight. */
    public TestLexicon any(String text, int weight) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        for (int at = 0; at + 2 < bytes.length; at++) {
            any[Lexicon.slot(bytes, at)] = (byte) weight;
        }
        return this;
    }

    public TestLexicon family(Channel channel, String text, int weight) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        for (int at = 0; at + 2 < bytes.length; at++) {
            families[Lexicon.familySlot(Lexicon.slot(bytes, at)) * Channel.COUNT + channel.index()] = (byte) weight;
        }
        return this;
    }

    /** In both tables. */
    public TestLexicon attack(Channel channel, String text, int weight) {
        return any(text, weight).family(channel, text, weight);
    }

    public TestLexicon gate(int steps) {
        gate = steps;
        return this;
    }

    public TestLexicon bar(Place place, int steps) {
        bars.put(place, steps);
        return this;
    }

    public Lexicon build() {
        return new Lexicon("0".repeat(64), "1".repeat(64), any, families, gate, bars);
    }
}
