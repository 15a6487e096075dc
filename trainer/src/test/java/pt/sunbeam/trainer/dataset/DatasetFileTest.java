package pt.sunbeam.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.detector.feature.AddressFeatures;
import pt.sunbeam.trainer.read.DataException;

class DatasetFileTest {
    private static final long TIME = 1_700_000_000_000L;

    @TempDir
    Path folder;

    @Test
    void rowsComeBackAsTheyWereGiven() throws IOException {
        var request = request("/a?x=\u00e9", false, "shop");
        var raw = new int[AddressFeatures.COUNT];
        Arrays.setAll(raw, i -> i * i * 1_000);
        raw[3] = Integer.MAX_VALUE;
        var window = new WindowRow(
                Origin.of("own traffic", "log", 7, "", "192.0.2.1", "flood", "192.0.2.1", TIME),
                true,
                0.5,
                "day",
                12,
                raw);
        var file = DatasetFile.open(write(request, window));
        var rows = rows(file);
        assertThat(rows.getFirst()).isEqualTo(request);
        assertThat(rows.get(1)).usingRecursiveComparison().isEqualTo(window);
        assertThat(file.count()).isEqualTo(2);
        assertThat(file.header().sources())
                .extracting(Header.Source::requests, Header.Source::windows)
                .containsExactly(tuple(new Header.Rows(1, 0), new Header.Rows(0, 1)));
    }

    @Test
    void theSameRowsGiveTheSameBytes() throws IOException {
        var first = Files.readAllBytes(write(request("/a", false, "s"), request("/b", true, "")));
        assertThat(write(request("/a", false, "s"), request("/b", true, ""))).hasBinaryContent(first);
    }

    /** A map without an order would be written in another one by each process, and the file would have another hash. */
    @Test
    void theHeaderNamesTheDetectorsInAFixedOrder() throws IOException {
        var header = Files.readAllLines(write(request("/a", false, "s")), StandardCharsets.ISO_8859_1)
                .get(1);
        assertThat(header.indexOf("\"ddos\":")).isPositive().isLessThan(header.indexOf("\"scanner\":"));
    }

    @Test
    void aLongBodyIsCutAt64KiB() throws IOException {
        var row = new RequestRow(
                request("/a", false, "s").origin(), false, 1, false, "POST", "/a", List.of(), "x".repeat(70_000), 0);
        assertThat(((RequestRow) rows(DatasetFile.open(write(row))).getFirst()).body())
                .hasSize(65_536);
    }

    @Test
    void aFileCutShortAnywhereIsRefused() throws IOException {
        var whole = Files.readAllBytes(write(request("/a", false, "s"), request("/b", true, "")));
        for (int length = 0; length < whole.length; length += 7) {
            var cut = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> DatasetFile.open(cut))
                    .as("%d bytes", length)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("expected: ");
        }
    }

    @Test
    void aFileWithOneBitFlippedAnywhereIsRefused() throws IOException {
        var whole = Files.readAllBytes(write(request("/a", false, "s"), request("/b", true, "")));
        for (int at = 0; at < whole.length; at += 3) {
            var flipped = whole.clone();
            flipped[at] ^= 4;
            var damaged = Files.write(folder.resolve("flipped"), flipped);
            assertThatThrownBy(() -> rows(DatasetFile.open(damaged)))
                    .as("byte %d", at)
                    .isInstanceOf(DataException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PK\u0003\u0004", "{\"rows\": []}", "sunbeam"})
    void anotherProgramsFileIsRefusedAsNoDataset(String text) throws IOException {
        var foreign = Files.writeString(folder.resolve("foreign"), text, StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> DatasetFile.open(foreign))
                .hasMessageContaining("no dataset (expected: a file that begins");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "3"})
    void anotherFormatIsRefusedByItsNumber(String format) throws IOException {
        var other = Files.writeString(folder.resolve("other"), "sunbeam-dataset " + format + "\n{}\n");
        assertThatThrownBy(() -> DatasetFile.open(other))
                .hasMessageContaining("found format \"" + format + "\" (expected: 2")
                .hasMessageContaining("prepare the dataset anew");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> DatasetFile.open(folder.resolve("nowhere.bin")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("nowhere.bin: not there");
    }

    private Path write(LabelledRow... rows) throws IOException {
        var path = folder.resolve("dataset.bin");
        try (var builder = new DatasetBuilder(42)) {
            builder.begin("set", "file", "");
            for (var row : rows) {
                switch (row) {
                    case RequestRow request -> builder.add(request);
                    case WindowRow window -> builder.add(window);
                }
            }
            builder.finish(path);
        }
        return path;
    }

    private static RequestRow request(String target, boolean attack, String site) {
        return new RequestRow(
                Origin.of("set", "file", 1, site, "192.0.2.9", attack ? "probe" : "", site + target, TIME),
                attack,
                0.8,
                false,
                "GET",
                target,
                List.of("Host", "a.example"),
                "",
                200);
    }

    private static List<LabelledRow> rows(DatasetFile file) throws IOException {
        var rows = new ArrayList<LabelledRow>();
        file.forEach(rows::add);
        return rows;
    }
}
