package pt.sunbeam.trainer.lexicon;

import java.util.Arrays;
import pt.sunbeam.detector.body.BodyReader;
import pt.sunbeam.detector.canon.Canonicaliser;
import pt.sunbeam.detector.canon.HeadReader;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.canon.ValueVisitor;
import pt.sunbeam.trainer.dataset.WireRequest;

/**
 * Reads a request's values with the detector's own readers and canonicaliser, cut as {@code Inspection} cuts them, and numbers their canonical texts: one
 * for each value, and one more for each value with a second reading. Texts without a trigram are left out.
 */
final class TextReader implements ValueVisitor {
    private static final int CHUNK = Canonicaliser.CHUNK;

    private final Texts texts;
    private final HeadReader heads = new HeadReader();
    private final BodyReader bodies = new BodyReader(this);
    private final Canonicaliser canonicaliser = new Canonicaliser();

    private final byte[] chunk = new byte[CHUNK];
    private int length;
    private Place place = Place.PATH;
    private byte[] plain = new byte[1 << 16];
    private int plainLength;
    private byte[] squeezed = new byte[1 << 16];
    private int squeezedLength;
    private boolean parted;

    private int[] numbers = new int[64];
    private Place[] places = new Place[64];
    private int count;

    TextReader(Texts texts) {
        this.texts = texts;
    }

    /** Reads a request; its texts are valid until the next. */
    void read(WireRequest request) {
        count = 0;
        heads.read(request.head(), this);
        if (request.body().length > 0) {
            bodies.begin(request.head(), Long.MAX_VALUE);
            bodies.feed(request.body(), 0, request.body().length);
            bodies.end();
        }
    }

    /** Reads one value by itself, to be found among those of the request it stands in. */
    void read(Place where, byte[] value) {
        count = 0;
        begin(where, value, 0, 0);
        more(value, 0, value.length);
        end();
    }

    int[] numbers() {
        return Arrays.copyOf(numbers, count);
    }

    /** The places of {@link #numbers}. */
    Place[] places() {
        return Arrays.copyOf(places, count);
    }

    @Override
    public void begin(Place where, byte[] bytes, int nameFrom, int nameTo) {
        place = where;
        canonicaliser.begin(where);
        length = 0;
        plainLength = 0;
        squeezedLength = 0;
        parted = false;
    }

    @Override
    public void more(byte[] bytes, int from, int to) {
        for (int next = from; next < to; ) {
            int taken = Math.min(to - next, CHUNK - length);
            System.arraycopy(bytes, next, chunk, length, taken);
            length += taken;
            next += taken;
            if (length == CHUNK) {
                take(false);
            }
        }
    }

    @Override
    public void end() {
        take(true);
        add(plain, plainLength);
        if (parted) {
            add(squeezed, squeezedLength);
        }
    }

    private void take(boolean last) {
        canonicaliser.canonicalise(chunk, 0, length, last);
        length = 0;
        boolean two = canonicaliser.squeeze();
        if (two && !parted) {
            parted = true;
            squeezed = Arrays.copyOf(plain, plain.length);
            squeezedLength = plainLength;
        }
        if (parted) {
            int more = two ? canonicaliser.squeezedLength() : canonicaliser.length();
            squeezed = room(squeezed, squeezedLength + more);
            System.arraycopy(two ? canonicaliser.squeezed() : canonicaliser.text(), 0, squeezed, squeezedLength, more);
            squeezedLength += more;
        }
        int more = canonicaliser.length();
        plain = room(plain, plainLength + more);
        System.arraycopy(canonicaliser.text(), 0, plain, plainLength, more);
        plainLength += more;
    }

    private static byte[] room(byte[] bytes, int needed) {
        return needed <= bytes.length ? bytes : Arrays.copyOf(bytes, 2 * needed);
    }

    private void add(byte[] text, int textLength) {
        if (textLength < 3) {
            return;
        }
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * count);
            places = Arrays.copyOf(places, 2 * count);
        }
        numbers[count] = texts.add(text, textLength);
        places[count++] = place;
    }
}
