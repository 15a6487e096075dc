package pt.sunbeam.trainer.lexicon;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.codegen.Model;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.lexicon.Channel;
import pt.sunbeam.detector.lexicon.Lexicon;

/**
 * Fits a whole lexicon: the table of attacks of any kind, then one for each channel.
 *
 * <p>Every distinct text is one example. A site, or a kind of attack of one set, weighs as the square root of its number of rows, so that neither a
 * large site nor a machine's thousand variants outweighs the rest. Texts that occur on both sides are benign.
 */
final class LexiconTrainer {
    /**
     * How the fit weighs its parts.
     *
     * @param fits of the table of any kind; it is their mean
     */
    record Settings(SegmentFit.Settings any, int fits, int familyEpochs, int lookAlikes, int generated) {
        static final Settings STANDARD = new Settings(SegmentFit.Settings.STANDARD, 3, 8, 30_000, 24_000);
    }

    /** In nats: what a value of a cookie, or of another header field, must show more than one of the query. */
    private static final double COOKIE_BAR = 1;

    private static final double HEADER_BAR = 0.25;
    private static final List<Channel> CHANNELS = List.of(Channel.values());
    private static final double MOST = 4;
    private static final double HEAVIEST = 10;
    private static final double LOOK_ALIKE = 3;
    private static final double MADE_BENIGN = 0.2;
    private static final double MADE_ATTACK = 0.02;
    /** Lists with entries that are only odd. */
    private static final Map<String, Double> DOUBTFUL = Map.of("fwaf", 0.3);

    private static final double OTHER_CHANNEL = 0.05;
    private static final double FAR_BENIGN = 0.1;
    /** The ensemble that it names before there is one. */
    static final String NONE = "0".repeat(64);

    private record Attack(
            double weight, int other, @Nullable Channel channel) {}

    private final Corpus corpus;
    private final Settings settings;
    private final Map<Integer, Double> benign = new TreeMap<>();
    private final Map<Integer, Attack> attacks = new TreeMap<>();

    private LexiconTrainer(Corpus corpus, Settings settings) {
        this.corpus = corpus;
        this.settings = settings;
    }

    /**
     * Fits a lexicon; it names no ensemble yet.
     *
     * @param fitted the groups whose rows are learnt from
     */
    static Model.Lexicon fit(Corpus corpus, Predicate<Corpus.Entry> fitted, Settings settings) {
        return new LexiconTrainer(corpus, settings).fit(fitted);
    }

    private Model.Lexicon fit(Predicate<Corpus.Entry> fitted) {
        var entries = corpus.entries().stream().filter(fitted).toList();
        gather(entries);
        var texts = corpus.texts();
        var any = SegmentFit.mean(
                texts, examples().balanced(HEAVIEST), settings.any(), Lexicon.HASH_BITS, settings.fits());
        int gate = settings.any().blockSteps() / 2;
        var families = new byte[Lexicon.FAMILY_SLOTS * Channel.COUNT];
        for (int channel = 0; channel < CHANNELS.size(); channel++) {
            var table = SegmentFit.fit(
                    texts,
                    examples(CHANNELS.get(channel), any, gate / 2).balanced(HEAVIEST),
                    settings.any().withEpochs(settings.familyEpochs()),
                    Lexicon.FAMILY_BITS);
            for (int slot = 0; slot < Lexicon.FAMILY_SLOTS; slot++) {
                families[slot * Channel.COUNT + channel] = table[slot];
            }
        }
        double steps = settings.any().stepsPerNat();
        return new Model.Lexicon(
                ScannerTraining.MODEL,
                NONE,
                CHANNELS.stream().map(Channel::word).toList(),
                gate,
                List.of(
                        new Model.Bar(Place.COOKIE.word(), (int) Math.round(COOKIE_BAR * steps)),
                        new Model.Bar(Place.HEADER.word(), (int) Math.round(HEADER_BAR * steps))),
                numbers(any),
                numbers(families));
    }

    private static List<Integer> numbers(byte[] table) {
        return IntStream.range(0, table.length).mapToObj(i -> (int) table[i]).toList();
    }

    private void gather(List<Corpus.Entry> entries) {
        var parts = new HashMap<String, Integer>();
        entries.forEach(entry -> parts.merge(entry.site(), 1, Integer::sum));
        for (var entry : entries) {
            if (!entry.attack()) {
                double weight = (entry.lookAlike() ? LOOK_ALIKE : 1) / Math.sqrt(parts.getOrDefault(entry.site(), 1));
                for (int text : entry.numbers()) {
                    benign.merge(text, weight, LexiconTrainer::sum);
                }
            }
        }
        var groups = new HashSet<String>();
        entries.forEach(entry -> groups.add(entry.group()));
        var words = corpus.words(groups::contains);
        var lookAlikes = new LookAlikes(words, settings.any().seed());
        for (int i = 0; i < settings.lookAlikes(); i++) {
            for (int text : read(lookAlikes.next())) {
                benign.merge(text, MADE_BENIGN, LexiconTrainer::sum);
            }
        }
        for (var entry : entries) {
            if (entry.attack()) {
                double weight =
                        DOUBTFUL.getOrDefault(entry.source(), 1.0) / Math.sqrt(parts.getOrDefault(entry.site(), 1));
                attack(entry.numbers(), weight, entry.channel());
            }
        }
        var grammar = new AttackGrammar(words, settings.any().seed());
        var random = new SplittableRandom(settings.any().seed());
        for (int i = 0; i < settings.generated(); i++) {
            var channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
            var text = grammar.next(channel);
            attack(read(i % 4 == 0 ? Corpus.quoted(text) : text), MADE_ATTACK, channel);
        }
    }

    private int[] read(String text) {
        corpus.reader()
                .read(Place.QUERY, text.replace("%", "%25").replace("+", "%2b").getBytes(StandardCharsets.ISO_8859_1));
        return corpus.reader().numbers();
    }

    private void attack(int[] numbers, double weight, @Nullable Channel channel) {
        if (numbers.length > 0 && !benign.containsKey(numbers[0])) {
            attacks.merge(
                    numbers[0],
                    new Attack(weight, numbers[numbers.length - 1], channel),
                    (a, b) -> new Attack(
                            sum(a.weight(), b.weight()), a.other(), a.channel() == null ? b.channel() : a.channel()));
        }
    }

    private static double sum(double a, double b) {
        return Math.min(MOST, a + b);
    }

    private Examples examples() {
        var examples = new Examples();
        attacks.forEach((text, attack) -> examples.add(text, attack.other(), true, attack.weight()));
        benign.forEach((text, weight) -> examples.add(text, text, false, weight));
        return examples;
    }

    /** A channel is only read where the score of any kind is high: there it must tell, elsewhere a sample will do. */
    private Examples examples(Channel channel, byte[] any, int near) {
        var examples = new Examples();
        attacks.forEach((text, attack) -> {
            if (attack.channel() == channel) {
                examples.add(text, attack.other(), true, attack.weight());
            } else if (attack.channel() != null) {
                examples.add(text, text, false, attack.weight() * OTHER_CHANNEL);
            }
        });
        var random = new SplittableRandom(settings.any().seed());
        benign.forEach((text, weight) -> {
            if (random.nextDouble() < FAR_BENIGN || score(any, text) >= near) {
                examples.add(text, text, false, weight);
            }
        });
        return examples;
    }

    private int score(byte[] table, int text) {
        var slots = corpus.texts().slots();
        int sum = 0;
        int best = 0;
        for (int i = corpus.texts().from(text); i < corpus.texts().to(text); i++) {
            sum = Math.max(0, sum + table[slots[i]]);
            best = Math.max(best, sum);
        }
        return best;
    }
}
