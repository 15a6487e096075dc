package pt.sunbeam.trainer.dataset;

/** A hash of text that is the same in every run: the split depends on it. */
final class Hash {
    private Hash() {}

    /** FNV-1a over UTF-16 units, then the finaliser of SplittableRandom (Steele, Lea, Flood 2014). */
    static int of(String text, long seed) {
        long hash = 0xcbf29ce484222325L ^ seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ hash >>> 27) * 0x94d049bb133111ebL;
        return (int) (hash ^ hash >>> 31);
    }
}
