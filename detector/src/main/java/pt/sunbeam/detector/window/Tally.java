package pt.sunbeam.detector.window;

import java.util.Arrays;

/** Everything counted over the events of a window, kept up to date event by event; whole numbers, so nothing drifts. */
final class Tally {
    final int[] methods = new int[Event.METHODS];
    final HashCounts paths = new HashCounts();
    final HashCounts hosts = new HashCounts();
    final HashCounts agents = new HashCounts();
    int errors;
    int cookies;
    int referers;
    int acceptLanguages;
    int suspicious;
    long duration;
    long contentLength;

    private int[] pathsByCount = new int[16]; // how many paths occur 1, 2, ... times
    private int mostFrequentPath;

    /** How often the most frequent path occurs. */
    int mostFrequentPath() {
        return mostFrequentPath;
    }

    void add(int path, int host, int agent, int flags, int length) {
        int count = paths.increment(path);
        if (count == pathsByCount.length) {
            pathsByCount = Arrays.copyOf(pathsByCount, 2 * count);
        }
        pathsByCount[count - 1]--; // index 0 is written and never read
        pathsByCount[count]++;
        mostFrequentPath = Math.max(mostFrequentPath, count);
        hosts.increment(host);
        agents.increment(agent);
        count(flags, 1);
        contentLength += length;
    }

    void remove(int path, int host, int agent, int flags, int length) {
        int count = paths.decrement(path);
        pathsByCount[count]--;
        pathsByCount[count - 1]++;
        if (count == mostFrequentPath && pathsByCount[count] == 0) {
            mostFrequentPath--; // the path itself is there now
        }
        hosts.decrement(host);
        agents.decrement(agent);
        count(flags, -1);
        contentLength -= length;
    }

    private void count(int flags, int by) {
        methods[flags & Event.METHOD] += by;
        cookies += (flags & Event.COOKIES) == 0 ? 0 : by;
        referers += (flags & Event.REFERER) == 0 ? 0 : by;
        acceptLanguages += (flags & Event.ACCEPT_LANGUAGE) == 0 ? 0 : by;
        suspicious += (flags & Event.SUSPICIOUS_PATH) == 0 ? 0 : by;
    }

    void addResponse(int status, int durationMillis) {
        errors += status >= 400 ? 1 : 0;
        duration += durationMillis;
    }

    void removeResponse(int status, int durationMillis) {
        errors -= status >= 400 ? 1 : 0;
        duration -= durationMillis;
    }
}
