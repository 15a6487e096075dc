package pt.sunbeam.trainer.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueTest {
    private static final String JSON = """
            {"sets":[{"name":"s","about":"a","terms":"t","home":"http://h","parts":[{"address":"http://h/f","zip":false,\
            "atMost":7,"files":[{"name":"f","bytes":7,"sha256":"%s"}]}]}]}""".formatted("0".repeat(64));

    @Test
    void theCommittedSetsHaveTermsAndAddressesThatCannotChangeTheirContent() {
        var sets = Catalogue.committed().sets();
        assertThat(sets)
                .extracting(Catalogue.Source::name)
                .doesNotHaveDuplicates()
                .contains("csic2010");
        assertThat(sets).allSatisfy(set -> {
            assertThat(set.terms()).isNotBlank();
            assertThat(set.parts())
                    .allSatisfy(part -> assertThat(part.address().toString())
                            .startsWith("https://")
                            .containsPattern("/[0-9a-f]{40}/"));
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"bytes\":7   | \"bytes\":8",
                "\"sha256\":\"0 | \"sha256\":\"x",
                "\"name\":\"f\" | \"name\":\"../f\"",
                "\"name\":\"f\" | \"name\":\".f\"",
                "\"home\":\"http://h\" | \"home\":null",
                "\"terms\":\"t\" | \"byHand\":\"b\",\"terms\":\"t\""
            })
    void aCatalogueThatIsNoneIsRefused(String right, String wrong) throws IOException {
        assertThat(read(JSON).sets()).hasSize(1);
        assertThatThrownBy(() -> read(JSON.replace(right, wrong))).isInstanceOf(IOException.class);
    }

    private static Catalogue read(String json) throws IOException {
        return Catalogue.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }
}
