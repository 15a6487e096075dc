package pt.sunbeam.detector.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.stream.Stream;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.canon.ValueVisitor;

/**
 * The shapes of the values of one body, at most 64, the first ones, as its reader visits them. One thread at a time visits, after the one before it; any
 * may ask for what there is so far.
 */
public final class BodyShape implements ValueVisitor {
    private static final int MOST_PLACES = 64;

    private final Redaction redaction;
    private final AuditRecord.Place[] places = new AuditRecord.Place[MOST_PLACES];
    private int count;
    private volatile int published;

    // Of the value.
    private final CharacterClasses classes = new CharacterClasses();
    private final byte[] beginning = new byte[Redaction.HASHED_BYTES];
    private int kept;
    private long length;
    private String place = "";
    private String name = "";
    private boolean full;

    BodyShape(Redaction redaction) {
        this.redaction = redaction;
    }

    @Override
    public void begin(Place where, byte[] bytes, int nameFrom, int nameTo) {
        full = count == MOST_PLACES;
        if (!full) {
            place = where.word();
            name = redaction.name(new String(bytes, nameFrom, nameTo - nameFrom, ISO_8859_1));
            classes.begin(where == Place.FORM);
            kept = 0;
            length = 0;
        }
    }

    @Override
    public void more(byte[] bytes, int from, int to) {
        if (!full) {
            int more = Math.min(to - from, beginning.length - kept);
            System.arraycopy(bytes, from, beginning, kept, more);
            kept += more;
            length += to - from;
            classes.add(bytes, from, to);
        }
    }

    @Override
    public void end() {
        if (!full) {
            places[count++] = redaction.place(place, name, classes.end(), length, beginning, 0, kept);
            published = count;
        }
    }

    @Override
    public void scalar(Place where, byte[] bytes, int nameFrom, int nameTo, byte[] scalar, int from, int to) {
        begin(where, bytes, nameFrom, nameTo);
        more(scalar, from, to);
        end();
    }

    /** Those of a head, and then what there is of these. */
    public List<AuditRecord.Place> behind(List<AuditRecord.Place> ofHead) {
        int now = published;
        return now == 0
                ? ofHead
                : Stream.concat(ofHead.stream(), Stream.of(places).limit(now)).toList();
    }
}
