package pt.sunbeam.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetBuilderTest {
    private static final List<String> FORM = List.of("Content-Type", "application/x-www-form-urlencoded");

    @TempDir
    Path folder;

    @Test
    void theSameDecodedRequestIsKeptOnceWhateverTheMethodAndTheSource() throws IOException {
        var kept = kept(
                row("GET", "/a%2Fb?q=x+y", List.of(), "", false, "s"),
                row("HEAD", "/a/b?q=x%20y", List.of("Cookie", "a=1"), "", false, "other"),
                row("POST", "/a/b", FORM, "q=x+y", false, "third"),
                row("GET", "/a/b?q=z", List.of(), "", false, "s"));
        assertThat(kept).extracting(RequestRow::target).containsExactly("/a%2Fb?q=x+y", "/a/b?q=z");
    }

    @Test
    void aBodyThatIsNoFormTellsRequestsApart() throws IOException {
        assertThat(kept(
                        row("POST", "/api", List.of(), "{\"a\":1}", false, "s"),
                        row("POST", "/api", List.of(), "{\"a\":2}", false, "s"),
                        row("GET", "/api", List.of(), "", false, "s")))
                .hasSize(3);
    }

    @Test
    void whatIsBenignAnywhereIsNoAttackWhicheverComesFirst() throws IOException {
        var kept = kept(
                row("GET", "/admin", List.of(), "", true, ""),
                row("GET", "/%61dmin", List.of(), "", false, "s"),
                row("GET", "/admin", List.of(), "", true, ""),
                row("GET", "/other", List.of(), "", true, ""));
        assertThat(kept)
                .extracting(RequestRow::target, RequestRow::attack)
                .containsExactly(tuple("/%61dmin", false), tuple("/other", true));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2})
    void noDecodedRequestAndNoGroupStandsInTwoFolds(long seed) throws IOException {
        var random = new SplittableRandom(seed);
        var rows = new RequestRow[2_000];
        for (int i = 0; i < rows.length; i++) {
            var target = "/%s%d".formatted(random.nextBoolean() ? "a" : "%61", random.nextInt(300));
            rows[i] = row("GET", target, List.of(), "", random.nextInt(3) == 0, "s" + random.nextInt(20));
        }
        var foldOf = new HashMap<String, Integer>();
        for (var row : kept(rows)) {
            assertThat(foldOf.put(Targets.decoded(row.target()), row.origin().fold()))
                    .as(row.target())
                    .isNull();
            var known = foldOf.put("group " + row.origin().group(), row.origin().fold());
            assertThat(known == null || known == row.origin().fold()).isTrue();
        }
    }

    @Test
    void groupsSpreadOverFoldsAndRolesAsTheyShould() {
        var folds = new int[Folds.COUNT];
        var roles = new EnumMap<Role, Integer>(Role.class);
        for (int i = 0; i < 10_000; i++) {
            folds[Folds.of("group " + i)]++;
            roles.merge(Folds.role("group " + i), 1, Integer::sum);
        }
        for (int fold : folds) {
            assertThat(fold).isBetween(1_800, 2_200);
        }
        assertThat(roles.get(Role.TRAIN)).isBetween(6_700, 7_100);
        assertThat(roles.get(Role.VALIDATION)).isBetween(1_050, 1_350);
        assertThat(roles.get(Role.CALIBRATION)).isBetween(1_750, 2_050);
    }

    @Test
    void aSplitByTimeTestsOnTheLastFifthOfEachSource() throws IOException {
        var file = write(rowsAtTimes(100));
        var roles = new Split.ByTime().roles(file);
        var test = new ArrayList<Long>();
        file.forEach(row -> {
            if (roles.apply(row) == Role.TEST) {
                test.add(row.origin().timeMillis());
            }
        });
        assertThat(test).hasSize(20).allMatch(time -> time >= 80);
    }

    private static RequestRow[] rowsAtTimes(int count) {
        var rows = new RequestRow[count];
        for (int i = 0; i < count; i++) {
            rows[i] = new RequestRow(
                    Origin.of("set", "file", i, "s", "", "", "g" + i, i),
                    false,
                    1,
                    false,
                    "GET",
                    "/" + i,
                    List.of(),
                    "",
                    0);
        }
        return rows;
    }

    private static RequestRow row(
            String method, String target, List<String> fields, String body, boolean attack, String site) {
        return new RequestRow(
                Origin.of("set", "file", 1, site, "", attack ? "probe" : "", attack ? target : site, -1),
                attack,
                1,
                false,
                method,
                target,
                fields,
                body,
                0);
    }

    private DatasetFile write(RequestRow... rows) throws IOException {
        var path = folder.resolve("dataset.bin");
        try (var builder = new DatasetBuilder(1)) {
            builder.begin("set", "file", "");
            for (var row : rows) {
                builder.add(row);
            }
            builder.finish(path);
        }
        return DatasetFile.open(path);
    }

    private List<RequestRow> kept(RequestRow... rows) throws IOException {
        var kept = new ArrayList<RequestRow>();
        write(rows).forEach(RequestRow.class, kept::add);
        return kept;
    }
}
