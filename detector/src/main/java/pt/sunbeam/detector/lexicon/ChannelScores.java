package pt.sunbeam.detector.lexicon;

/** The scores of a text in all channels at once; where the segments stand, {@link Segment} finds afterwards. */
public final class ChannelScores {
    /** Writes the score of {@code text[from, to)}, at most 2^20 bytes, in each channel to {@code scores[channel.index()]}. */
    public static void of(Lexicon lexicon, byte[] text, int from, int to, int[] scores) {
        byte[] weights = lexicon.families;
        int[] hashes = Lexicon.HASH_OF_BYTE;
        int hash = 0;
        int i = from;
        for (int first = Math.min(to, from + 2); i < first; i++) {
            hash = (hash << Lexicon.SYMBOL_BITS) + hashes[text[i] & 0xff];
        }
        // A sum and the highest so far for each channel by its index, in registers.
        int sqli = 0;
        int sqliBest = 0;
        int xss = 0;
        int xssBest = 0;
        int traversal = 0;
        int traversalBest = 0;
        int command = 0;
        int commandBest = 0;
        int code = 0;
        int codeBest = 0;
        int other = 0;
        int otherBest = 0;
        for (; i < to; i++) {
            hash = (hash << Lexicon.SYMBOL_BITS) + hashes[text[i] & 0xff];
            int at = Lexicon.familySlotOf(hash) * Channel.COUNT;
            sqli = Math.max(0, sqli + weights[at]);
            sqliBest = Math.max(sqliBest, sqli);
            xss = Math.max(0, xss + weights[at + 1]);
            xssBest = Math.max(xssBest, xss);
            traversal = Math.max(0, traversal + weights[at + 2]);
            traversalBest = Math.max(traversalBest, traversal);
            command = Math.max(0, command + weights[at + 3]);
            commandBest = Math.max(commandBest, command);
            code = Math.max(0, code + weights[at + 4]);
            codeBest = Math.max(codeBest, code);
            other = Math.max(0, other + weights[at + 5]);
            otherBest = Math.max(otherBest, other);
        }
        scores[Channel.SQLI.index()] = sqliBest;
        scores[Channel.XSS.index()] = xssBest;
        scores[Channel.TRAVERSAL.index()] = traversalBest;
        scores[Channel.COMMAND.index()] = commandBest;
        scores[Channel.CODE.index()] = codeBest;
        scores[Channel.OTHER.index()] = otherBest;
    }

    private ChannelScores() {}
}
