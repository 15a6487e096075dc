package pt.sunbeam.detector.scan;

import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.lexicon.Channel;

/** The strongest segment of one channel so far, copied into memory of its own. Not thread-safe. */
final class Evidence {
    static final int NAME = 64;
    static final int SEGMENT = 96;

    private final Channel channel;
    private final byte[] name = new byte[NAME];
    private final byte[] segment = new byte[SEGMENT];
    private int nameLength;
    private int segmentLength;
    private Place place = Place.PATH;
    private int score;

    Evidence(Channel channel) {
        this.channel = channel;
    }

    void clear() {
        score = 0;
    }

    int score() {
        return score;
    }

    void keep(int newScore, Place newPlace, byte[] names, int nameFrom, int nameTo, byte[] text, int from, int to) {
        score = newScore;
        place = newPlace;
        nameLength = Math.min(nameTo - nameFrom, NAME);
        System.arraycopy(names, nameFrom, name, 0, nameLength);
        segmentLength = Math.min(to - from, SEGMENT);
        System.arraycopy(text, from, segment, 0, segmentLength);
    }

    Reason reason() {
        return new Reason(
                channel,
                place,
                Reason.printable(name, 0, nameLength),
                Reason.printable(segment, 0, segmentLength),
                score);
    }
}
