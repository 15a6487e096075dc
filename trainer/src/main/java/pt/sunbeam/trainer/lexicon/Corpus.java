package pt.sunbeam.trainer.lexicon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.lexicon.Channel;
import pt.sunbeam.trainer.dataset.DatasetFile;
import pt.sunbeam.trainer.dataset.Origin;
import pt.sunbeam.trainer.dataset.RequestRow;
import pt.sunbeam.trainer.dataset.Targets;
import pt.sunbeam.trainer.dataset.WireRequest;

/** What a dataset file teaches the lexicon: its benign requests and its payloads, as numbers of canonical texts. Read once for all folds. */
final class Corpus {
    /**
     * A row.
     *
     * @param site of a benign row; source and family of an attack
     * @param numbers of the texts of a benign row; of an attack the payload's, one for each reading
     * @param lookAlike whether a benign row is one value of a list, chosen for looking like an attack
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Entry(
            String group,
            int fold,
            boolean attack,
            @Nullable Channel channel,
            String site,
            String source,
            boolean lookAlike,
            int[] numbers) {}

    private static final int WORDS = 6_000;
    private static final int SHORTEST_WORD = 3;
    private static final int LONGEST_WORD = 11;

    private final Texts texts = new Texts();
    private final TextReader reader = new TextReader(texts);
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, TreeSet<String>> words = new HashMap<>();
    private final SplittableRandom random;

    private Corpus(long seed) {
        random = new SplittableRandom(seed);
    }

    static Corpus read(DatasetFile file, long seed) throws IOException {
        var corpus = new Corpus(seed);
        file.forEach(RequestRow.class, corpus::add);
        return corpus;
    }

    private void add(RequestRow row) {
        var origin = row.origin();
        var payload = row.payload() ? Targets.payload(row.target(), row.body()) : null;
        if (row.attack()) {
            if (payload != null && AttackFamilies.teaches(row, payload)) {
                reader.read(Place.QUERY, payload.getBytes(StandardCharsets.ISO_8859_1));
                attack(row);
                var quoted = quoted(Targets.decoded("?" + payload).substring(1));
                if (quoted.indexOf('\\') >= 0) {
                    reader.read(Place.JSON, quoted.getBytes(StandardCharsets.ISO_8859_1));
                    attack(row);
                }
            }
            return;
        }
        if (payload != null) {
            reader.read(Place.QUERY, payload.getBytes(StandardCharsets.ISO_8859_1));
        } else {
            reader.read(WireRequest.of(row));
            harvest(row);
        }
        entry(origin, false, null, origin.site(), payload != null);
    }

    private void attack(RequestRow row) {
        var origin = row.origin();
        entry(origin, true, AttackFamilies.channel(row), origin.source() + " " + origin.family(), false);
    }

    /** As it stands in a string of JSON. */
    static String quoted(String text) {
        return text.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    private void entry(Origin origin, boolean attack, @Nullable Channel channel, String site, boolean lookAlike) {
        var numbers = reader.numbers();
        if (numbers.length > 0) {
            entries.add(new Entry(
                    shared(origin.group()),
                    origin.fold(),
                    attack,
                    channel,
                    shared(site),
                    shared(origin.source()),
                    lookAlike,
                    numbers));
        }
    }

    private String shared(String name) {
        return names.computeIfAbsent(name, same -> same);
    }

    /** Some words of a benign request, kept by its group: those of a fold held out are nothing to learn from. */
    private void harvest(RequestRow row) {
        var kept = words.computeIfAbsent(shared(row.origin().group()), _ -> new TreeSet<>());
        if (kept.size() >= 100) {
            return;
        }
        for (var word :
                (row.target() + " " + row.body()).toLowerCase(Locale.ROOT).split("[^a-z]+", 200)) {
            if (word.length() >= SHORTEST_WORD && word.length() <= LONGEST_WORD && random.nextInt(8) == 0) {
                kept.add(word);
            }
        }
    }

    Texts texts() {
        return texts;
    }

    TextReader reader() {
        return reader;
    }

    List<Entry> entries() {
        return entries;
    }

    /** Words of the benign requests of some groups, in a fixed order; at least one. */
    List<String> words(Predicate<String> groups) {
        var all = new TreeSet<String>();
        words.keySet().stream().sorted().filter(groups).forEach(group -> {
            if (all.size() < WORDS) {
                all.addAll(words.getOrDefault(group, new TreeSet<>()));
            }
        });
        all.add("word");
        return List.copyOf(all);
    }
}
