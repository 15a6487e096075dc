package pt.sunbeam.detector.evasion;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import pt.sunbeam.detector.body.BodyReader;
import pt.sunbeam.detector.canon.HeadReader;
import pt.sunbeam.detector.feature.ScanFeatures;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.model.Models;
import pt.sunbeam.detector.model.Scratch;
import pt.sunbeam.detector.scan.Exemptions;
import pt.sunbeam.detector.scan.Inspection;

/** The detector as an attacker meets it: with the committed model at its own blocking point. */
final class Target {
    private final HeadReader reader = new HeadReader();
    private final Inspection inspection = new Inspection(Models.scanner().lexicon());
    private final BodyReader bodies = new BodyReader(inspection);
    private final Scratch scratch = new Scratch(ScanFeatures.COUNT);
    private final int[] features = new int[ScanFeatures.COUNT];
    private final int blockAt = Models.scanner().ensemble().logitOf(0.5);

    boolean blocks(RequestHead head) {
        return blocks(head, "", Integer.MAX_VALUE);
    }

    boolean blocks(RequestHead head, String body, int chunk) {
        inspection.reset(Exemptions.NONE);
        inspection.anomalies(reader.read(head, inspection));
        if (!body.isEmpty()) {
            bodies.begin(head, 1 << 20);
            byte[] bytes = body.getBytes(ISO_8859_1);
            for (int from = 0; from < bytes.length; ) {
                int to = (int) Math.min(bytes.length, (long) from + chunk);
                bodies.feed(bytes, from, to);
                from = to;
            }
            bodies.end();
            inspection.faults(Integer.bitCount(bodies.anomalies()));
        }
        inspection.features(features);
        return Models.scanner().ensemble().judge(features, scratch, blockAt).block();
    }

    /** Whether the query parameter {@code q} of that value gets a request blocked. */
    boolean blocks(String value) {
        return blocks(query(value));
    }

    /** What the guided search makes small: the calibrated probability, the score of the lexicon where that has no more to say. */
    double suspicion() {
        var judgement = Models.scanner().ensemble().judge(features, scratch, blockAt);
        return Models.scanner().ensemble().score(judgement, scratch) + features[ScanFeatures.ANY] * 1e-6;
    }

    static RequestHead query(String value, String... more) {
        return head("GET", "/search?page=2&q=" + percent(value) + "&lang=en", more);
    }

    static RequestHead head(String method, String target, String... more) {
        List<String> fields = new ArrayList<>(List.of("Host", "shop.example", "Accept", "*/*"));
        fields.addAll(List.of(more));
        return RequestHead.of(method, target, fields.toArray(String[]::new));
    }

    /** As browsers write it into a query: all but unreserved characters (RFC 3986 section 2.3) escaped. */
    static String percent(String value) {
        var text = new StringBuilder();
        for (byte b : value.getBytes(ISO_8859_1)) {
            char c = (char) (b & 0xff);
            if ((c < 0x80 && Character.isLetterOrDigit(c)) || "-._~".indexOf(c) >= 0) {
                text.append(c);
            } else {
                text.append('%').append(hex(c));
            }
        }
        return text.toString();
    }

    static String hex(char c) {
        return "%02x".formatted((int) c);
    }
}
