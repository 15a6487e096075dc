package pt.sunbeam.trainer.dataset;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import pt.sunbeam.detector.body.BodyReader;
import pt.sunbeam.detector.canon.Canonicaliser;
import pt.sunbeam.detector.canon.HeadReader;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.canon.ValueVisitor;

class PlacementTest {
    private static final RequestRow FRAME = row(
            false, "/shop/list/7?page=2", List.of("Host", "h.example", "User-Agent", "Mozilla/5.0", "Cookie", "id=1"));

    private static RequestRow row(boolean payload, String target, List<String> fields) {
        return new RequestRow(
                Origin.of("set", "file", 1, "site", "", "", "group", -1),
                payload,
                1,
                payload,
                "GET",
                target,
                fields,
                "",
                0);
    }

    @ParameterizedTest
    @EnumSource
    void theDetectorReadsThePayloadWhereverItIsSet(Placement placement) {
        var payload = row(true, "/?p=<b%20x=\"1\">a'b;c,d&%2526", List.of());
        for (int choice = 0; choice < 500; choice += 7) {
            var values = values(requireNonNull(placement.place(payload, FRAME, choice)));
            // A quote keeps the backslash that JSON puts before it.
            var found = values.stream().map(value -> value.replace("\\", "")).toList();
            assertThat(found).as(placement + " " + choice).anyMatch(value -> value.contains("<b x=\"1\">a'b;c,d"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void allElseOfTheFrameStays(Placement placement) {
        var payload = row(true, "/?p=%3Cb%3E", List.of());
        var placed = values(requireNonNull(placement.place(payload, FRAME, 0)));
        var frame = new ArrayList<>(values(WireRequest.of(FRAME)));
        if (placement == Placement.PATH) {
            frame.remove("/shop/list/7");
        }
        assertThat(placed).containsAll(frame);
    }

    @Test
    void noHeaderFieldHoldsAControlByte() {
        assertThat(Placement.HEADER.place(row(true, "/?p=a%0Ab", List.of()), FRAME, 0))
                .isNull();
        assertThat(Placement.JSON.place(row(true, "/?p=a%0Ab", List.of()), FRAME, 0))
                .isNotNull();
    }

    private static List<String> values(WireRequest request) {
        var values = new ArrayList<String>();
        var canonicaliser = new Canonicaliser();
        ValueVisitor visitor = new ValueVisitor() {
            private final StringBuilder raw = new StringBuilder();

            @Override
            public void begin(Place place, byte[] bytes, int nameFrom, int nameTo) {
                canonicaliser.begin(place);
                raw.setLength(0);
            }

            @Override
            public void more(byte[] bytes, int from, int to) {
                raw.append(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
            }

            @Override
            public void end() {
                var bytes = raw.toString().getBytes(StandardCharsets.ISO_8859_1);
                canonicaliser.canonicalise(bytes, 0, bytes.length, true);
                values.add(new String(canonicaliser.text(), 0, canonicaliser.length(), StandardCharsets.ISO_8859_1));
            }
        };
        new HeadReader().read(request.head(), visitor);
        var bodies = new BodyReader(visitor);
        bodies.begin(request.head(), Long.MAX_VALUE);
        bodies.feed(request.body(), 0, request.body().length);
        bodies.end();
        return values;
    }
}
