package pt.sunbeam.detector.scan;

import java.util.Arrays;
import java.util.stream.Stream;
import pt.sunbeam.detector.lexicon.Channel;
import pt.sunbeam.detector.lexicon.ChannelScores;
import pt.sunbeam.detector.lexicon.Lexicon;
import pt.sunbeam.detector.lexicon.Segment;
import pt.sunbeam.detector.lexicon.SegmentScan;

/**
 * One reading of a value's canonical text, which comes in pieces: its score, and the end of what came before, so that the segment of a channel is
 * found across a seam. Not thread-safe.
 */
final class View {
    /** Longer segments are found whole only within one piece. */
    static final int LOOK_BACK = 512;

    private final Lexicon lexicon;
    private final SegmentScan scan = new SegmentScan();

    // Of the piece, each found when it is first asked for.
    private final int[] scores = new int[Channel.COUNT];
    private final Segment[] segments =
            Stream.generate(Segment::new).limit(Channel.COUNT).toArray(Segment[]::new);
    private final Segment any = new Segment();
    private int found; // bits of the channels whose segment is known
    private boolean scored;
    private boolean anyFound;

    private byte[] piece = new byte[0];
    private int length;

    /** What came before the piece, and where it is wanted the piece behind it; grows to the longest piece met. */
    private byte[] joined = new byte[2 * LOOK_BACK];

    private int before;
    private boolean isJoined;

    View(Lexicon lexicon) {
        this.lexicon = lexicon;
    }

    void begin() {
        scan.begin();
        before = 0;
    }

    void continueAs(View other) {
        scan.continueAs(other.scan);
        before = other.before;
        System.arraycopy(other.joined, 0, joined, 0, before);
    }

    boolean goesOnLike(View other) {
        return scan.goesOnLike(other.scan);
    }

    /** Takes the next piece, which stays as it is until the one after it; returns the best score of the segments that end in it. */
    int take(byte[] text, int textLength) {
        piece = text;
        length = textLength;
        isJoined = false;
        found = 0;
        scored = false;
        anyFound = false;
        return scan.scan(lexicon, text, 0, textLength);
    }

    /** The scores by channel of the piece and what is kept of the text before it; not to be written to. */
    int[] scores() {
        if (!scored) {
            ChannelScores.of(lexicon, text(), 0, before + length, scores);
            scored = true;
        }
        return scores;
    }

    /** The best segment of a channel in the piece and what is kept of the text before it. */
    Segment strongest(Channel channel) {
        Segment segment = segments[channel.index()];
        if ((found & channel.bit()) == 0) {
            segment.find(lexicon, channel, text(), 0, before + length);
            found |= channel.bit();
        }
        return segment;
    }

    /** As {@link #strongest}, of any kind of attack. */
    Segment strongest() {
        if (!anyFound) {
            any.find(lexicon, text(), 0, before + length);
            anyFound = true;
        }
        return any;
    }

    /** What the offsets of a segment point into. */
    byte[] text() {
        if (before == 0) {
            return piece;
        }
        if (!isJoined) {
            if (joined.length < before + length) {
                joined = Arrays.copyOf(joined, before + length);
            }
            System.arraycopy(piece, 0, joined, before, length);
            isJoined = true;
        }
        return joined;
    }

    /** Keeps the end of the text so far: more of it comes. */
    void seam() {
        int added = Math.min(length, LOOK_BACK);
        int kept = Math.min(before, LOOK_BACK - added);
        System.arraycopy(joined, before - kept, joined, 0, kept);
        System.arraycopy(piece, length - added, joined, kept, added);
        before = kept + added;
        isJoined = false;
    }
}
