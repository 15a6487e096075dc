package pt.sunbeam.detector.scan;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.canon.Anomaly;
import pt.sunbeam.detector.canon.Canonicaliser;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.canon.ValueVisitor;
import pt.sunbeam.detector.feature.ScanFeatures;
import pt.sunbeam.detector.lexicon.Channel;
import pt.sunbeam.detector.lexicon.Lexicon;
import pt.sunbeam.detector.lexicon.Segment;
import pt.sunbeam.detector.lexicon.SegmentScan;

/**
 * Inspects the values of one request after the other: makes each canonical, weighs it by the lexicon, and keeps what the features and the reasons
 * need. Allocates nothing but for reasons, takes the same memory for a value of any length, and never throws whatever the bytes. Not thread-safe.
 *
 * <p>A value is made canonical in chunks that are cut by its own positions, so it makes no difference in what pieces it arrives.
 */
public final class Inspection implements ValueVisitor {
    /** Raw bytes of a value that are made canonical at once. */
    static final int CHUNK = Canonicaliser.CHUNK;

    private static final int STRUCTURE =
            Anomaly.TOO_MANY_VALUES.bit() | Anomaly.MALFORMED.bit() | Anomaly.TOO_NESTED.bit();

    private static final Channel[] CHANNELS = Channel.values();

    private final Lexicon lexicon;
    private final Canonicaliser canonicaliser = new Canonicaliser();

    // Of the request.
    private Exemptions exemptions = Exemptions.NONE;
    private int any;
    private int anySecond;
    private int suspiciousValues;
    private int faults;
    private int anomalies;
    private int rounds;
    private final Evidence[] evidence = Stream.of(CHANNELS).map(Evidence::new).toArray(Evidence[]::new);

    /** Of values in which no channel has a segment; it goes by the name of the channel for all others. */
    private final Evidence unnamed = new Evidence(Channel.OTHER);

    // Of the value.
    private final byte[] chunk = new byte[CHUNK];
    private int length;
    private boolean skipped;
    private int exempt;
    private Place place = Place.PATH;
    private final byte[] ownName = new byte[Evidence.NAME];
    private byte[] name = ownName;
    private int nameFrom;
    private int nameTo;
    private int bar;
    private int best;
    private boolean seamed;
    private boolean weighed;
    private final int[] families = new int[Channel.COUNT];
    private final View plain;
    private final View squeezed;

    /** Whether the second view may give other sums than the first. */
    private boolean parted;

    private boolean open;
    private @Nullable Canonicaliser ahead;

    /** Fields' values: those of other places hardly come back. */
    private final @Nullable RecentValues recent;

    public Inspection(Lexicon lexicon) {
        this(lexicon, null);
    }

    /** One for many requests: it also remembers what the values of fields came to, which changes no result. Takes at most half a megabyte more. */
    public static Inspection remembering(Lexicon lexicon) {
        return new Inspection(lexicon, new RecentValues(lexicon));
    }

    private Inspection(Lexicon lexicon, @Nullable RecentValues recent) {
        this.lexicon = lexicon;
        this.recent = recent;
        plain = new View(lexicon);
        squeezed = new View(lexicon);
    }

    /** A request begins; what the one before left is forgotten. */
    public void reset(Exemptions ofRequest) {
        exemptions = ofRequest;
        any = 0;
        anySecond = 0;
        suspiciousValues = 0;
        faults = 0;
        anomalies = 0;
        rounds = 0;
        open = false;
        for (Evidence one : evidence) {
            one.clear();
        }
        unnamed.clear();
    }

    @Override
    public void begin(Place where, byte[] bytes, int nameFrom, int nameTo) {
        start(where, bytes, nameFrom, nameTo);
        if (!skipped) {
            open = true;
            nameTo = Math.min(nameTo, nameFrom + ownName.length);
            System.arraycopy(bytes, nameFrom, ownName, 0, nameTo - nameFrom);
            name(ownName, 0, nameTo - nameFrom);
            plain.begin();
        }
    }

    @Override
    public void more(byte[] bytes, int from, int to) {
        if (skipped) {
            return;
        }
        int next = from;
        while (next < to) {
            int taken = Math.min(to - next, CHUNK - length);
            System.arraycopy(bytes, next, chunk, length, taken);
            length += taken;
            next += taken;
            if (length == CHUNK) {
                canonicalise(chunk, 0, CHUNK, false);
                weigh(false);
                length = 0;
                seamed = true;
            }
        }
    }

    @Override
    public void end() {
        if (skipped) {
            return;
        }
        open = false;
        if (length > 0 || seamed) {
            canonicalise(chunk, 0, length, true);
            weigh(true);
        }
        score();
    }

    /** The same without a copy: a value of less than a chunk is made canonical at once however it comes. */
    @Override
    public void value(Place where, byte[] bytes, int nameFrom, int nameTo, int from, int to) {
        if (to - from >= CHUNK) {
            ValueVisitor.super.value(where, bytes, nameFrom, nameTo, from, to);
            return;
        }
        start(where, bytes, nameFrom, nameTo);
        if (!skipped) {
            name(bytes, nameFrom, nameTo);
            if (recent != null && where == Place.HEADER && RecentValues.takes(to - from)) {
                recall(recent, bytes, from, to);
            } else {
                whole(bytes, from, to);
            }
            score();
        }
    }

    private void whole(byte[] bytes, int from, int to) {
        canonicalise(bytes, from, to, true);
        if (canonicaliser.squeeze()) {
            plain.begin();
            weigh(true);
        } else {
            weigh(canonicaliser.text(), canonicaliser.length());
        }
    }

    private void recall(RecentValues values, byte[] bytes, int from, int to) {
        RecentValues.Known known = values.find(bytes, from, to);
        if (known == null) {
            whole(bytes, from, to);
            if (!canonicaliser.squeeze()) {
                values.met(bytes, from, to, canonicaliser, best);
            }
            return;
        }
        anomalies |= known.anomalies();
        rounds = Math.max(rounds, known.rounds());
        best = known.best();
        if (best - bar >= lexicon.gate()) {
            channels(known.view());
        }
    }

    private void start(Place where, byte[] bytes, int nameFrom, int nameTo) {
        exempt = exemptions.of(where, bytes, nameFrom, nameTo);
        skipped = exempt == Exemptions.ALL;
        if (skipped) {
            return;
        }
        // An inspection is old and what a request brings is young: G1 then orders memory at each reference that is
        // stored, which takes longer than a short value.
        if (place != where) {
            place = where;
        }
        bar = lexicon.bar(where);
        best = 0;
        length = 0;
        seamed = false;
        if (weighed) {
            Arrays.fill(families, 0);
            weighed = false;
        }
        canonicaliser.begin(where);
        parted = false;
    }

    @SuppressWarnings("ReferenceEquality") // the same array, for the store's sake
    private void name(byte[] bytes, int from, int to) {
        if (name != bytes) {
            name = bytes;
        }
        nameFrom = from;
        nameTo = to;
    }

    private void score() {
        int score = counts() ? Math.max(0, best - bar) : 0;
        suspiciousValues += score >= lexicon.gate() ? 1 : 0;
        anySecond = Math.max(anySecond, Math.min(any, score));
        any = Math.max(any, score);
    }

    /** Whether the value's strongest channel is none that is exempt. */
    private boolean counts() {
        if (exempt == 0) {
            return true;
        }
        int strongest = 0;
        for (int i = 1; i < families.length; i++) {
            strongest = families[i] > families[strongest] ? i : strongest;
        }
        return families[strongest] == 0 || (exempt & 1 << strongest) == 0;
    }

    private void canonicalise(byte[] bytes, int from, int to, boolean last) {
        canonicaliser.canonicalise(bytes, from, to, last);
        anomalies |= canonicaliser.anomalies();
        rounds = Math.max(rounds, canonicaliser.rounds());
    }

    /** A text that is whole and has no second reading: as a view would, which is only wanted where it is suspicious. */
    private void weigh(byte[] text, int textLength) {
        best = SegmentScan.score(lexicon, text, textLength);
        if (best - bar >= lexicon.gate()) {
            plain.begin();
            plain.take(text, textLength);
            channels(plain);
        }
    }

    private void weigh(boolean last) {
        byte[] text = canonicaliser.text();
        int textLength = canonicaliser.length();
        boolean two = canonicaliser.squeeze();
        if (two && !parted) {
            squeezed.continueAs(plain);
            parted = true;
        }
        weigh(plain, text, textLength, last);
        if (parted) {
            weigh(
                    squeezed,
                    two ? canonicaliser.squeezed() : text,
                    two ? canonicaliser.squeezedLength() : textLength,
                    last);
            parted = !squeezed.goesOnLike(plain);
        }
    }

    private void weigh(View view, byte[] text, int textLength, boolean last) {
        int highest = view.take(text, textLength);
        best = Math.max(best, highest);
        if (highest - bar >= lexicon.gate()) {
            channels(view);
        }
        if (!last) {
            view.seam();
        }
    }

    private void channels(View view) {
        weighed = true;
        boolean named = false;
        int[] scores = view.scores();
        for (int i = 0; i < CHANNELS.length; i++) {
            families[i] = Math.max(families[i], scores[i]);
            named |= scores[i] > bar;
            if ((exempt & 1 << i) == 0 && scores[i] - bar > evidence[i].score()) {
                keep(evidence[i], view, view.strongest(CHANNELS[i]));
            }
        }
        if (!named) {
            keep(unnamed, view, view.strongest());
        }
    }

    private void keep(Evidence kept, View view, Segment segment) {
        if (segment.score() - bar > kept.score()) {
            kept.keep(segment.score() - bar, place, name, nameFrom, nameTo, view.text(), segment.from(), segment.to());
        }
    }

    /**
     * Weighs what there is of a value that has not ended, so that {@link #features} and {@link #reasons} speak of all bytes so far: for bodies that
     * are passed on as they come. The part of it that is less than a chunk is read by itself, together with nothing that came before.
     */
    public void look() {
        if (!open || skipped || length == 0) {
            return;
        }
        Canonicaliser reader = ahead == null ? new Canonicaliser() : ahead;
        ahead = reader;
        reader.begin(place);
        reader.canonicalise(chunk, 0, length, true);
        var view = new View(lexicon);
        view.begin();
        weigh(view, reader.text(), reader.length(), true);
        if (reader.squeeze()) {
            view.begin();
            weigh(view, reader.squeezed(), reader.squeezedLength(), true);
        }
    }

    /** Takes what a reader found odd about the request, as {@link Anomaly#bit}s. */
    public void anomalies(int bits) {
        anomalies |= bits;
    }

    /** Takes the number of kinds of faults that a reader found in the structure of the body, not negative. */
    public void faults(int kinds) {
        faults = Math.min(ScanFeatures.MOST, faults + Math.min(ScanFeatures.MOST, kinds));
    }

    /** Writes {@code out[0..ScanFeatures.COUNT)} for the values so far, the one that has not ended among them as far as it was weighed. */
    public void features(int[] out) {
        out[ScanFeatures.ANY] = open && counts() ? Math.max(any, best - bar) : any;
        for (int i = 0; i < CHANNELS.length; i++) {
            out[ScanFeatures.CHANNELS + i] = evidence[i].score();
        }
        out[ScanFeatures.ANY_SECOND] = anySecond;
        out[ScanFeatures.SUSPICIOUS_VALUES] = Math.min(ScanFeatures.MOST, suspiciousValues);
        out[ScanFeatures.DECODING_ROUNDS] = Math.max(0, rounds - 1);
        out[ScanFeatures.ENCODING_ANOMALIES] = Integer.bitCount(anomalies & Anomaly.ENCODINGS);
        out[ScanFeatures.STRUCTURE_ANOMALIES] =
                Math.min(ScanFeatures.MOST, faults + Integer.bitCount(anomalies & STRUCTURE));
        out[ScanFeatures.PATH_ESCAPES] = Anomaly.ABOVE_ROOT.in(anomalies) ? 1 : 0;
        out[ScanFeatures.CONTROL_BYTES] = Anomaly.CONTROL.in(anomalies) ? 1 : 0;
    }

    /** Why the request looks like an attack, the strongest reason first, at most {@code limit}; for blocks, since this allocates. */
    public List<Reason> reasons(int limit) {
        return Stream.concat(Stream.of(evidence), Stream.of(unnamed))
                .filter(one -> one.score() > 0)
                .sorted(Comparator.comparingInt(Evidence::score).reversed())
                .map(Evidence::reason)
                .limit(limit)
                .toList();
    }
}
