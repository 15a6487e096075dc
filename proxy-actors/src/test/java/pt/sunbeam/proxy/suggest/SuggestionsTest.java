package pt.sunbeam.proxy.suggest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import pt.sunbeam.detector.audit.AuditRecord;
import pt.sunbeam.detector.audit.AuditRecord.Extension;
import pt.sunbeam.detector.audit.AuditRecord.Layer;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.lexicon.Channel;

class SuggestionsTest {
    private final Suggestions suggestions = new Suggestions();

    @Test
    void whatSeveralClientsSendIsProposedWithItsAnswers() {
        for (int client = 1; client <= 4; client++) {
            observe("192.0.2." + client, "sqli form comment: select from the menu", 200);
            observe("192.0.2." + client, "sqli form comment: union of", 500);
        }
        assertThat(suggestions.of(3))
                .containsExactly(new Suggestion(
                        "wiki/edit",
                        Place.FORM,
                        "comment",
                        Channel.SQLI,
                        8,
                        4,
                        4,
                        List.of("select from the menu", "union of")));
        assertThat(suggestions.of(3).getFirst().hocon())
                .isEqualTo("{ route = \"wiki/edit\", place = form, name = \"comment\", channel = sqli }");
        assertThat(suggestions.offences()).isEqualTo(8);
    }

    @Test
    void whatTooFewClientsSendIsNot() {
        observe("192.0.2.1", "xss query q: <b>", 200);
        observe("192.0.2.2", "xss query q: <b>", 200);
        assertThat(suggestions.of(3)).isEmpty();
        assertThat(suggestions.of(2)).hasSize(1);
    }

    @Test
    void clientsThatOffendInManyPlacesAttackAndDoNotCount() {
        for (int client = 1; client <= 5; client++) {
            for (int place = 0; place < 6; place++) {
                observe("198.51.100." + client, "sqli query p" + place + ": ' or 1=1", 200);
            }
        }
        assertThat(suggestions.of(1)).isEmpty();
    }

    @Test
    void requestsThatPassedCountForNothing() {
        suggestions.add(line("192.0.2.1", new Layer("allow", 0.1, "ensemble:mlp", List.of()), 200));
        assertThat(suggestions.offences()).isZero();
        assertThat(suggestions.of(1)).isEmpty();
    }

    private void observe(String client, String reason, int status) {
        suggestions.add(line(client, new Layer("observe", 0.9, "ensemble:tree_block", List.of(reason)), status));
    }

    private static AuditRecord line(String client, Layer scanner, int status) {
        return new AuditRecord(
                Instant.EPOCH,
                "id",
                "POST",
                "wiki.example",
                "/edit",
                "",
                client,
                status,
                1,
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                false,
                null,
                null,
                null,
                null,
                "HTTP/1.1",
                1,
                null,
                new Extension(1, "node", "wiki/edit", null, scanner, null, 0, List.of(), null));
    }
}
