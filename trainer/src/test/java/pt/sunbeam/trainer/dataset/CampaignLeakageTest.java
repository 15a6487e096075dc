package pt.sunbeam.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.detector.feature.AddressFeatures;
import pt.sunbeam.detector.feature.DdosFeatures;
import pt.sunbeam.trainer.cart.Cart;
import pt.sunbeam.trainer.quantise.Quantiser;
import pt.sunbeam.trainer.quantise.Sample;

/** What a log does not tell of its clients must not tell campaigns from them: tools without cookies are laid over logs of which nobody knows who had some. */
class CampaignLeakageTest {
    private static final List<Integer> UNTOLD = List.of(
            DdosFeatures.COOKIE_RATIO,
            DdosFeatures.ACCEPT_LANGUAGE_RATIO,
            DdosFeatures.AVG_DURATION_MS,
            DdosFeatures.AVG_CONTENT_LENGTH);

    @TempDir
    Path folder;

    private List<WindowRow> rows = List.of();

    @BeforeEach
    void readWindows() throws IOException {
        Files.createDirectories(folder.resolve("access-logs"));
        var log = new StringBuilder();
        var random = new SplittableRandom(1);
        for (int minute = 0; minute < 40 * 30; minute++) {
            int client = random.nextInt(200);
            for (int part = 0; part < 14; part++) {
                log.append(String.format(
                        Locale.ROOT,
                        "10.%d.1.1 - - [%02d/Jan/2024:%02d:%02d:%02d +0000] \"%s /page%d HTTP/1.1\" 200 10 \"-\" \"Mozilla/5.0\"%n",
                        client,
                        10 + minute / 1_440,
                        minute / 60 % 24,
                        minute % 60,
                        2 * part,
                        part % 7 == 0 ? "POST" : "GET",
                        part % 9));
            }
        }
        Files.writeString(folder.resolve("access-logs/bp-gov-website.log"), log);
        var campaigns = IntStream.range(0, 40)
                .mapToObj(campaign -> Campaign.of(
                        "run" + campaign,
                        "tool" + campaign,
                        Campaign.Kind.FLOOD,
                        IntStream.range(0, 5 * 14)
                                .mapToObj(i -> new Campaign.Shot(
                                        "198.51.100." + i / 14,
                                        new Exchange(
                                                1_000L * i,
                                                "run",
                                                i % 7 == 0 ? "POST" : "GET",
                                                "/page" + i % 9,
                                                "",
                                                "wrk",
                                                false,
                                                false,
                                                5,
                                                200,
                                                1)))
                                .toList()))
                .toList();
        var path = folder.resolve("dataset.bin");
        try (var builder = new DatasetBuilder(1)) {
            new PublicLogs(builder, new Backgrounds(), Recordings.of(campaigns), 1, _ -> {})
                    .read(folder.resolve("access-logs"));
            builder.finish(path);
        }
        var read = new ArrayList<WindowRow>();
        DatasetFile.open(path).forEach(WindowRow.class, read::add);
        rows = read;
    }

    @Test
    void whatALogDoesNotTellSaysNothing() {
        // Clients are few, and each keeps its habits: one half of them may be lucky.
        assertThat(IntStream.range(0, 16)
                        .mapToDouble(half -> auc(UNTOLD, half))
                        .average()
                        .orElseThrow())
                .isBetween(0.45, 0.55);
    }

    @Test
    void theTestSeesWhatIsThere() {
        assertThat(auc(IntStream.range(0, AddressFeatures.COUNT).boxed().toList(), 0))
                .isGreaterThan(0.9);
    }

    /** Area under the curve of a tree that sees some features alone, on clients and campaigns that it was not grown on. */
    private double auc(List<Integer> seen, int half) {
        var shown = rows.stream()
                .map(row -> {
                    var raw = new int[AddressFeatures.COUNT];
                    seen.forEach(feature -> raw[feature] = row.raw()[feature]);
                    var origin = row.origin();
                    var role = Math.floorMod(Hash.of(origin.group() + origin.client(), half), 2) == 0
                            ? Role.TRAIN
                            : Role.TEST;
                    return Row.of(row, raw, role, "", row.unit(), true).withWeight(1);
                })
                .toList();
        var train = shown.stream().filter(row -> row.role() == Role.TRAIN).toList();
        var quantiser = Quantiser.fit(train, AddressFeatures.NAMES, AddressFeatures.UNITS, 16);
        var tree = Cart.grow(Sample.of(train, quantiser), new Cart.Settings(4, 1, 10, Set.of()));
        ToDoubleFunction<Row> score = row -> {
            var leaf = tree.leaf(quantiser.quantise(row.raw()));
            return leaf.attack() / (leaf.attack() + leaf.benign());
        };
        var test = shown.stream().filter(row -> row.role() == Role.TEST).toList();
        var attacks = test.stream().filter(Row::attack).mapToDouble(score).toArray();
        var benign =
                test.stream().filter(row -> !row.attack()).mapToDouble(score).toArray();
        assertThat(attacks.length).isGreaterThan(100);
        assertThat(benign.length).isGreaterThan(100);
        double above = 0;
        for (double attack : attacks) {
            for (double other : benign) {
                above += attack > other ? 1 : attack == other ? 0.5 : 0;
            }
        }
        return above / attacks.length / benign.length;
    }
}
