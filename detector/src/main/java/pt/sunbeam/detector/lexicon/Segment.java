package pt.sunbeam.detector.lexicon;

/** The best segment of a piece of text: its score and where it stands. Not thread-safe. */
public final class Segment {
    private int score;
    private int from;
    private int to;

    /** Finds that of a channel in {@code text[start, end)}; of several with the same score the first. */
    public void find(Lexicon lexicon, Channel channel, byte[] text, int start, int end) {
        find(
                lexicon.families,
                Lexicon.HASH_BITS - Lexicon.FAMILY_BITS,
                Channel.COUNT,
                channel.index(),
                text,
                start,
                end);
    }

    /** As the other, of any kind of attack. */
    public void find(Lexicon lexicon, byte[] text, int start, int end) {
        find(lexicon.any, 0, 1, 0, text, start, end);
    }

    private void find(byte[] weights, int coarser, int stride, int offset, byte[] text, int start, int end) {
        score = 0;
        from = start;
        to = start;
        int hash = 0;
        int sum = 0;
        int begin = start;
        for (int i = start; i < end; i++) {
            hash = (hash << Lexicon.SYMBOL_BITS) + Lexicon.HASH_OF_BYTE[text[i] & 0xff];
            if (i < start + 2) {
                continue;
            }
            if (sum == 0) {
                begin = i - 2;
            }
            sum = Math.max(0, sum + weights[(Lexicon.slotOf(hash) >>> coarser) * stride + offset]);
            if (sum > score) {
                score = sum;
                from = begin;
                to = i + 1;
            }
        }
    }

    /** In lexicon steps; 0 where no segment adds up to more. */
    public int score() {
        return score;
    }

    /** The first byte of the first trigram. */
    public int from() {
        return from;
    }

    /** Behind the last byte of the last trigram. */
    public int to() {
        return to;
    }
}
