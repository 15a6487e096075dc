package pt.sunbeam.trainer.dataset;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import pt.sunbeam.detector.hash.SipHash;

/**
 * The decoded requests met so far, and their labels: 64 bits of a hash for each, 9 bytes at most half of a table, so that ten million different
 * requests take 300 MB at most. Two requests in a hundred million collide by chance once in four thousand runs.
 *
 * <p>Two requests are the same if decoded target and body are: the method does not count (sets hold the same attack as GET and as POST, so the
 * parameters of a form count as if they stood in the query), nor do header fields.
 */
final class RequestKeys {
    static final int NORMAL = 1;
    static final int ATTACK = 2;
    private static final SipHash HASH = SipHash.forTables(0x6b65797320666f72L, 0x2072657175657374L);

    private long[] keys = new long[1 << 12];
    private byte[] labels = new byte[keys.length];
    private int size;

    static long of(RequestRow row) {
        var payload = row.payload() ? Targets.payload(row.target(), row.body()) : null;
        if (payload != null) {
            return of(Targets.decoded(payload));
        }
        if (row.body().isEmpty()) {
            return of(Targets.decoded(row.target()));
        }
        return of(
                isForm(row)
                        ? Targets.decoded(row.target() + (row.target().indexOf('?') < 0 ? "?" : "&") + row.body())
                        : Targets.decoded(row.target()) + '\n' + row.body());
    }

    static long of(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return HASH.hash(bytes, 0, bytes.length);
    }

    /** Notes a label of a request; returns the labels known before, as bits. */
    int add(long key, int label) {
        int at = slot(key);
        int known = labels[at];
        keys[at] = key;
        labels[at] |= (byte) label;
        if (known == 0 && ++size > keys.length / 2) {
            grow();
        }
        return known;
    }

    boolean contains(long key, int label) {
        return (labels[slot(key)] & label) != 0;
    }

    private int slot(long key) {
        int at = (int) key & keys.length - 1;
        while (labels[at] != 0 && keys[at] != key) {
            at = at + 1 & keys.length - 1;
        }
        return at;
    }

    private void grow() {
        var oldKeys = keys;
        var oldLabels = labels;
        keys = new long[2 * oldKeys.length];
        labels = new byte[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldLabels[i] != 0) {
                int at = slot(oldKeys[i]);
                keys[at] = oldKeys[i];
                labels[at] = oldLabels[i];
            }
        }
    }

    private static boolean isForm(RequestRow row) {
        for (int i = 0; i + 1 < row.fields().size(); i += 2) {
            if (row.fields().get(i).equalsIgnoreCase("Content-Type")) {
                return row.fields().get(i + 1).toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded");
            }
        }
        return false;
    }
}
