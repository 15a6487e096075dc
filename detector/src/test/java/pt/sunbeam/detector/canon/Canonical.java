package pt.sunbeam.detector.canon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a canonicaliser makes of a value, all pieces together; {@code second} is null where there is no second reading. */
record Canonical(String text, @Nullable String second, int rounds, Set<Anomaly> anomalies) {
    static Canonical of(Place place, String value) {
        return of(new Canonicaliser(), place, value.getBytes(ISO_8859_1), List.of());
    }

    /** @param cuts positions at which the value is cut into pieces, ascending */
    static Canonical of(Canonicaliser canonicaliser, Place place, byte[] value, List<Integer> cuts) {
        StringBuilder text = new StringBuilder();
        StringBuilder second = new StringBuilder();
        boolean squeezed = false;
        canonicaliser.begin(place);
        int from = 0;
        for (int to : Stream.concat(cuts.stream(), Stream.of(value.length)).toList()) {
            boolean last = to == value.length;
            do {
                int taken = canonicaliser.canonicalise(value, from, to, last);
                from += taken;
                text.append(new String(canonicaliser.text(), 0, canonicaliser.length(), ISO_8859_1));
                if (canonicaliser.squeeze()) {
                    squeezed = true;
                    second.append(new String(canonicaliser.squeezed(), 0, canonicaliser.squeezedLength(), ISO_8859_1));
                }
            } while (from < to);
        }
        int found = canonicaliser.anomalies();
        Set<Anomaly> anomalies = EnumSet.noneOf(Anomaly.class);
        anomalies.addAll(
                Stream.of(Anomaly.values()).filter(one -> one.in(found)).toList());
        return new Canonical(text.toString(), squeezed ? second.toString() : null, canonicaliser.rounds(), anomalies);
    }

    static String times(int count, String text) {
        return IntStream.range(0, count).mapToObj(_ -> text).collect(Collectors.joining());
    }
}
