package pt.sunbeam.detector.body;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.canon.ValueVisitor;
import pt.sunbeam.detector.http.RequestHead;

/** Writes down the values that a reader finds, each as "place name=value", and fails where they are not begun and ended in turn. */
final class Values implements ValueVisitor {
    final List<String> found = new ArrayList<>();
    private @Nullable StringBuilder open;

    /** All that came of a body. */
    record Reading(List<String> values, int anomalies, boolean read, boolean oversize, boolean unreadable) {}

    @Override
    public void begin(Place place, byte[] bytes, int nameFrom, int nameTo) {
        if (open != null) {
            throw new IllegalStateException("begins inside " + open);
        }
        open = new StringBuilder(place.word()).append(' ');
        open.append(new String(bytes, nameFrom, nameTo - nameFrom, ISO_8859_1)).append('=');
    }

    @Override
    public void more(byte[] bytes, int from, int to) {
        if (open == null || from >= to || from < 0 || to > bytes.length) {
            throw new IllegalStateException("%s, from %d to %d of %d".formatted(open, from, to, bytes.length));
        }
        open.append(new String(bytes, from, to - from, ISO_8859_1));
    }

    @Override
    public void end() {
        if (open == null) {
            throw new IllegalStateException("ends what has not begun");
        }
        found.add(open.toString());
        open = null;
    }

    static RequestHead head(String type, String... fields) {
        var all = new ArrayList<>(Arrays.asList(fields));
        if (!type.isEmpty()) {
            all.addAll(List.of("Content-Type", type));
        }
        return RequestHead.of("POST", "/", all.toArray(String[]::new));
    }

    static Reading of(String type, String body) {
        return of(head(type), body.getBytes(ISO_8859_1), Long.MAX_VALUE);
    }

    /** A new line in the body stands for CRLF. */
    static Reading ofLines(String type, String body) {
        return of(type, body.replace("\n", "\r\n"));
    }

    static Reading of(RequestHead head, byte[] body, long mostBytes) {
        return of(head, body, mostBytes, new int[0]);
    }

    /** @param cuts ascending positions at which the body is cut */
    static Reading of(RequestHead head, byte[] body, long mostBytes, int[] cuts) {
        var values = new Values();
        return values.read(new BodyReader(values), head, body, mostBytes, cuts);
    }

    /** Each piece comes in an array of its own, with other bytes around it. */
    Reading read(BodyReader reader, RequestHead head, byte[] body, long mostBytes, int[] cuts) {
        found.clear();
        reader.begin(head, mostBytes);
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : body.length;
            byte[] piece = new byte[to - from + 2];
            Arrays.fill(piece, (byte) '"');
            System.arraycopy(body, from, piece, 1, to - from);
            reader.feed(piece, 1, 1 + to - from);
            Arrays.fill(piece, (byte) '#');
            from = to;
        }
        reader.end();
        if (open != null) {
            throw new IllegalStateException("does not end: " + open);
        }
        return new Reading(
                List.copyOf(found), reader.anomalies(), reader.isReading(), reader.isOversize(), reader.isUnreadable());
    }
}
