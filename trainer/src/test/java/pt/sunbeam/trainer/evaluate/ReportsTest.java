package pt.sunbeam.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static pt.sunbeam.trainer.evaluate.Rows.row;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class ReportsTest {
    private static final String HOSTILE = "<script>alert(1)</script>\"'&\u001b[31m";
    private static final Subject SUBJECT = new Subject(
            "scanner",
            "requests",
            "rows.bin",
            List.of(
                    new Subject.Used("scanner-baseline", "a".repeat(64), OptionalInt.of(0)),
                    new Subject.Used("scanner-baseline", "b".repeat(64), OptionalInt.empty())),
            List.of("a note", "a long note ".repeat(30), "x".repeat(300)));

    @Test
    void noLineOfTheTableIsLongerThanATerminal() {
        for (var rows : List.of(rows(), fitted())) {
            assertThat(TextReport.of(SUBJECT, Evaluation.of(rows, 1)).lines())
                    .allMatch(line -> line.length() <= TextReport.WIDTH);
        }
    }

    @Test
    void onRowsOfTheFitEveryLineOfFiguresSaysSo() {
        var evaluation = Evaluation.of(fitted(), 1);
        assertThat(TextReport.of(SUBJECT, evaluation).lines())
                .filteredOn(line -> Pattern.compile("\\d\\.\\d{2}%|[01]\\.\\d{4}")
                        .matcher(line)
                        .find())
                .hasSizeGreaterThan(10)
                .allMatch(line -> line.startsWith(TextReport.FITTED));
        assertThat(TextReport.of(SUBJECT, Evaluation.of(rows(), 1))).doesNotContain(TextReport.FITTED);
    }

    @Test
    void aModelOfWhichNothingIsKnownIsNotSaidToHoldOutAFold() throws Exception {
        var evaluation = Evaluation.of(rows(), 1);
        assertThat(TextReport.of(SUBJECT, evaluation))
                .contains("fitted without fold 0: scanner-baseline", "fitted on rows not known: scanner-baseline");
        assertThat(HtmlReport.of(SUBJECT, evaluation)).contains("fitted on rows not known: scanner-baseline");
        var models =
                new ObjectMapper().readTree(JsonReport.of(SUBJECT, evaluation)).get("models");
        assertThat(models.get(0).get("held_out_fold").asInt()).isZero();
        assertThat(models.get(1).get("held_out_fold").isNull()).isTrue();
    }

    @Test
    void figuresThatNeedBothClassesAreADashWhereOneIsMissing() throws Exception {
        var evaluation = Evaluation.of(List.of(row(1, true, "attacks", "f", 0)), 1);
        assertThat(TextReport.of(SUBJECT, evaluation)).doesNotContain("NaN").containsPattern("fold 0 +1 +0 +- +- +-");
        var pooled =
                new ObjectMapper().readTree(JsonReport.of(SUBJECT, evaluation)).get("pooled");
        assertThat(pooled.get("roc_auc").isNull()).isTrue();
        assertThat(pooled.get("recall").doubleValue()).isEqualTo(1);
        assertThat(pooled.has("sites")).isFalse();
    }

    @Test
    void theJsonIsOneObjectOfSnakeCaseKeysThatHoldsTheFigures() throws Exception {
        var evaluation = Evaluation.of(rows(), 1);
        var text = JsonReport.of(SUBJECT, evaluation);
        var json = new ObjectMapper().readTree(text);
        assertThat(json.isObject()).isTrue();
        assertThat(Pattern.compile("\"([^\"]*)\" *:").matcher(text).results().map(found -> found.group(1)))
                .allMatch(key -> key.matches("[a-z0-9_]+"));
        var pooled = evaluation.pooled();
        assertThat(json.at("/pooled/roc_auc").doubleValue())
                .isEqualTo(pooled.ranking().rocAuc().orElseThrow());
        assertThat(json.at("/pooled/recall_at_0_1_percent_fp").doubleValue())
                .isEqualTo(pooled.at().getFirst().recall());
        assertThat(json.at("/pooled/intervals_95/roc_auc/0").doubleValue())
                .isEqualTo(pooled.intervals().rocAuc().orElseThrow().low());
        assertThat(json.at("/worst_fold/recall/fold").isInt()).isTrue();
        assertThat(json.get("folds")).hasSize(2);
        assertThat(json.get("data_sets")).hasSize(evaluation.sources().size());
        assertThat(json.get("fitted_rows").booleanValue()).isFalse();
    }

    @Test
    void controlCharactersOfDataNeverReachTheTerminal() {
        assertThat(TextReport.of(SUBJECT, Evaluation.of(rows(), 1)).chars())
                .allMatch(c -> c == '\n' || (c >= ' ' && c != 0x7f));
    }

    @Test
    void thePageNeedsNothingElseAndShowsDataAsText() {
        var page = HtmlReport.of(SUBJECT, Evaluation.of(rows(), 1));
        assertThat(page)
                .doesNotContain("<script", "{{", "http://", "https://", "url(", "@import", "src=", "href=", "NaN")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;?[31m");
        assertThat(Pattern.compile("<svg .*?</svg>", Pattern.DOTALL)
                        .matcher(page)
                        .results())
                .hasSize(3)
                .allMatch(svg -> svg.group().contains("<title ") && svg.group().contains("<desc "));
    }

    @Test
    void theSvgOfThePageIsWellFormed() throws Exception {
        var page = HtmlReport.of(SUBJECT, Evaluation.of(rows(), 1));
        var parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        for (var svg : Pattern.compile("<svg .*?</svg>", Pattern.DOTALL)
                .matcher(page)
                .results()
                .toList()) {
            var root = parser.parse(new ByteArrayInputStream(svg.group().getBytes(StandardCharsets.UTF_8)))
                    .getDocumentElement();
            assertThat(root.getElementsByTagName("path").getLength()).isPositive();
            for (var id : root.getAttribute("aria-labelledby").split(" ", -1)) {
                assertThat(page).contains("id=\"" + id + "\"");
            }
        }
    }

    @Test
    void thePageOfOneClassHasDashesAndNoCurves() {
        assertThat(HtmlReport.of(SUBJECT, Evaluation.of(List.of(row(1, true, "attacks", "f", 0)), 1)))
                .doesNotContain("NaN", "<svg")
                .contains("<td>-</td>");
    }

    @Test
    void onRowsOfTheFitEveryRowOfFiguresOnThePageSaysSo() {
        var page = HtmlReport.of(SUBJECT, Evaluation.of(fitted(), 1));
        assertThat(Pattern.compile("<tr class=\"(?:pooled)?\">.*").matcher(page).results())
                .hasSizeGreaterThan(10)
                .allMatch(row -> row.group().contains("(rows of the fit)"));
        assertThat(page).contains("class=\"warning\"");
    }

    private static List<Scored> fitted() {
        return rows().stream().map(Rows::fitted).toList();
    }

    /** Two folds, sites and families with names that somebody else chose, and the tree's rows among them. */
    static List<Scored> rows() {
        var random = new SplittableRandom(1);
        var rows = new ArrayList<Scored>();
        for (int i = 0; i < 4_000; i++) {
            boolean attack = i % 2 == 0;
            double score = random.nextGaussian() + (attack ? 2 : -2);
            score = Math.abs(score) > 3 ? Math.copySign(Double.POSITIVE_INFINITY, score) : score;
            var source = attack
                    ? List.of("open-appsec traversal, as a segment of a benign path", "csic2010", HOSTILE)
                            .get(i % 3)
                    : List.of("csic2010", "benign pages").get(i % 4 / 2);
            rows.add(row(score, attack, source, HOSTILE + i % 9, i % 8 / 4));
        }
        return rows;
    }
}
