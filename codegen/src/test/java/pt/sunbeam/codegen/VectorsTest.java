package pt.sunbeam.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorsTest {
    private static final String SHA256 = "0".repeat(64);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 14, 60})
    void whatIsWrittenIsReadBackWithTheSameInputs(int features) {
        var model = RandomModels.ensemble(features, features, 30, 8);
        var vectors = Vectors.of(model, SHA256, 42, 200);
        assertThat(Vectors.read(vectors.text(), model.features())).isEqualTo(vectors);
    }

    @Test
    void everyLevelOfEveryFeatureAndEveryVerdictIsMet() {
        var model = RandomModels.ensemble(3, 12, 60, 8);
        var cases = Vectors.of(model, SHA256, 1, 10_000).cases();
        for (int i = 0; i < model.features().size(); i++) {
            var levels = new HashSet<Byte>();
            for (var one : cases) {
                levels.add(one.quantised().get(i));
            }
            assertThat(levels).hasSize(model.features().get(i).cuts().size() + 1);
        }
        assertThat(cases).extracting(Vectors.Case::tree).contains(Verdict.ALLOW, Verdict.DEFER, Verdict.BLOCK);
    }

    @Test
    void aChangedTextIsRefusedWithItsLine() {
        var model = RandomModels.ensemble(1, 2, 4, 2);
        var text = Vectors.of(model, SHA256, 1, 3).text();
        assertThatThrownBy(() -> Vectors.read(text.replace("sunbeam-vectors 1", "vectors"), model.features()))
                .hasMessageStartingWith("line 1:");
        assertThatThrownBy(() -> Vectors.read(text.replace("model random-1 0", "model random-1 "), model.features()))
                .hasMessageStartingWith("line 2:");
        assertThatThrownBy(() -> Vectors.read(text.replace("count 3", "count 4"), model.features()))
                .hasMessageStartingWith("line 3: found 3 cases");
        assertThatThrownBy(() -> Vectors.read(text.replaceFirst("\n([0-9a-f]{4}) ", "\n$1 X"), model.features()))
                .hasMessageStartingWith("line 4:");
    }
}
