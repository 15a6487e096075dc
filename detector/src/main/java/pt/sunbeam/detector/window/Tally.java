package pt.sunbeam.detector.window;

import java.util.Arrays;

/** Everything counted over the events of a window, kept up to date event by event; whole numbers, so nothing drifts. */
final class Tally {
    final int[] methods = new int[Event.METHODS];
    final int[] marked = new int[SlidingWindow.MARKS];
    final HashCounts paths = new HashCounts();
    final HashCounts hosts = new HashCounts();
    final HashCounts agents = new HashCounts();
    final HashCounts identities = new HashCounts();
    final HashCounts missed = new HashCounts();
    long duration;
    long contentLength;
    long surge;
    long networkLoad;
    long octaves; // of the gaps
    long squaredOctaves;

    private int[] pathsByCount = new int[16]; // how many paths occur 1, 2, ... times
    private int mostFrequentPath;

    /** How often the most frequent path occurs. */
    int mostFrequentPath() {
        return mostFrequentPath;
    }

    void addPath(int path) {
        int count = paths.increment(path);
        if (count == pathsByCount.length) {
            pathsByCount = Arrays.copyOf(pathsByCount, 2 * count);
        }
        pathsByCount[count - 1]--; // index 0 is written and never read
        pathsByCount[count]++;
        mostFrequentPath = Math.max(mostFrequentPath, count);
    }

    void removePath(int path) {
        int count = paths.decrement(path);
        pathsByCount[count]--;
        pathsByCount[count - 1]++;
        if (count == mostFrequentPath && pathsByCount[count] == 0) {
            mostFrequentPath--; // the path itself is there now
        }
    }

    /** Counts the marks in the lowest {@code MARKS} bits. */
    void mark(int marks, int by) {
        for (int mark = 0; mark < SlidingWindow.MARKS; mark++) {
            marked[mark] += by * ((marks >>> mark) & 1);
        }
    }

    void gap(int octavesOfIt, int by) {
        octaves += (long) by * octavesOfIt;
        squaredOctaves += (long) by * octavesOfIt * octavesOfIt;
    }
}
