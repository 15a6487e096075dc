package pt.sunbeam.detector.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pt.sunbeam.codegen.Feature;
import pt.sunbeam.codegen.LexiconFile;
import pt.sunbeam.codegen.Model;
import pt.sunbeam.codegen.Model.Bar;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.ModelFile;
import pt.sunbeam.codegen.RandomModels;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.feature.ScanFeatures;
import pt.sunbeam.detector.lexicon.Channel;
import pt.sunbeam.detector.lexicon.Lexicon;
import pt.sunbeam.detector.lexicon.Segment;

class ScannerModelTest {
    private static final List<String> CHANNELS =
            Arrays.stream(Channel.values()).map(Channel::word).toList();
    private static final List<Bar> BARS = List.of(new Bar("cookie", 40), new Bar("header", 30));

    @TempDir
    Path folder;

    @Test
    void aGeneratedLexiconWeighsLikeTheOneOfTheFile() throws Exception {
        var model = RandomModels.lexicon(
                1, "random", "a".repeat(64), CHANNELS, BARS, Lexicon.HASH_BITS, Lexicon.FAMILY_BITS);
        var file = (LexiconFile.Loaded) LexiconFile.read(LexiconFile.write(model));
        var read = Lexicon.of(file.lexicon(), file.sha256());
        var compiled = CompiledModel.of(model, file.sha256(), folder);
        assertThat(compiled.sha256()).isEqualTo(file.sha256()).isEqualTo(read.sha256());
        assertThat(compiled.ensembleSha256()).isEqualTo("a".repeat(64)).isEqualTo(read.ensembleSha256());
        assertThat(compiled.gate()).isEqualTo(model.gate()).isEqualTo(read.gate());
        assertThat(compiled.bar(Place.COOKIE)).isEqualTo(40).isEqualTo(read.bar(Place.COOKIE));
        assertThat(compiled.bar(Place.HEADER)).isEqualTo(30).isEqualTo(read.bar(Place.HEADER));
        assertThat(compiled.bar(Place.QUERY)).isZero();

        // Every slot by itself: four trigrams share one, so that a few thousand texts of three bytes would miss some.
        var text = new byte[1 << 20];
        new SplittableRandom(1).nextBytes(text);
        var channels = List.of(Channel.values());
        var found = new Segment();
        var expected = new Segment();
        for (int at = 0; at + 3 <= text.length; at += 3) {
            found.find(compiled, text, at, at + 3);
            assertThat(found.score()).isEqualTo(weight(Lexicon.slot(text, at), model.any(), 1, 0));
            var channel = channels.get(at % channels.size());
            found.find(compiled, channel, text, at, at + 3);
            expected.find(read, channel, text, at, at + 3);
            assertThat(found.score())
                    .isEqualTo(expected.score())
                    .isEqualTo(weight(
                            Lexicon.familySlot(Lexicon.slot(text, at)),
                            model.families(),
                            Channel.COUNT,
                            channel.index()));
        }
    }

    private static int weight(int slot, List<Integer> weights, int stride, int offset) {
        return Math.max(0, weights.get(slot * stride + offset));
    }

    @Test
    void aLexiconWithOtherChannelsOrPlacesIsNotRun() {
        var channels = RandomModels.lexicon(
                1, "random", "a".repeat(64), List.of("sqli"), BARS, Lexicon.HASH_BITS, Lexicon.FAMILY_BITS);
        assertThatThrownBy(() -> Lexicon.of(channels, "b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[sqli]");
        var places = RandomModels.lexicon(
                1,
                "random",
                "a".repeat(64),
                CHANNELS,
                List.of(new Bar("moon", 1)),
                Lexicon.HASH_BITS,
                Lexicon.FAMILY_BITS);
        assertThatThrownBy(() -> Lexicon.of(places, "b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("moon");
        var small = RandomModels.lexicon(1, "random", "a".repeat(64), CHANNELS, BARS, 8, 8);
        assertThatThrownBy(() -> Lexicon.of(small, "b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found 256 weights (expected: 65536)");
    }

    @Test
    void twoFilesThatBelongTogetherAreAModelAndItsVersionIsTheLexicons() {
        var ensemble = ModelFile.write(ensemble(1, ScanFeatures.NAMES));
        var lexicon = LexiconFile.write(lexicon(ModelFile.read(ensemble)));
        assertThat(ScannerModel.read(ensemble, lexicon))
                .isInstanceOfSatisfying(
                        ScannerModel.Loaded.class,
                        loaded -> assertThat(loaded.model().version())
                                .isEqualTo(((LexiconFile.Loaded) LexiconFile.read(lexicon)).sha256()));

        var other = ModelFile.write(ensemble(2, ScanFeatures.NAMES));
        assertThat(reason(other, lexicon)).contains("which the lexicon names");
        var features = ModelFile.write(RandomModels.ensemble(1, ScanFeatures.COUNT, 8, 4));
        assertThat(reason(features, LexiconFile.write(lexicon(ModelFile.read(features)))))
                .contains("ensemble: found features [feature_0");
        assertThat(reason(lexicon, ensemble)).startsWith("ensemble: line 1");
        assertThat(reason(ensemble, ensemble)).startsWith("lexicon: line 1");
    }

    private static String reason(byte[] model, byte[] lexicon) {
        return ((ScannerModel.Refused) ScannerModel.read(model, lexicon)).reason();
    }

    private static Ensemble ensemble(int seed, List<String> names) {
        var random = RandomModels.ensemble(seed, names.size(), 8, 4);
        var features = new ArrayList<Feature>();
        for (int i = 0; i < names.size(); i++) {
            features.add(new Feature(names.get(i), "1", random.features().get(i).cuts()));
        }
        return new Ensemble("random", features, random.tree(), random.mlp(), random.blockAt(), random.stepsPerNat());
    }

    private static Model.Lexicon lexicon(ModelFile.Outcome ensemble) {
        var sha256 = ((ModelFile.Loaded) ensemble).sha256();
        return RandomModels.lexicon(1, "random", sha256, CHANNELS, BARS, Lexicon.HASH_BITS, Lexicon.FAMILY_BITS);
    }
}
