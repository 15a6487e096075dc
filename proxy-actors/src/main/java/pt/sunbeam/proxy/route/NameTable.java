package pt.sunbeam.proxy.route;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map from names to values that finds a name inside a longer text, without a copy of it. Immutable.
 *
 * <p>Open addressing with linear probing, at most half full. The hash is that of String, over the range.
 */
final class NameTable<V> {
    private final @Nullable String[] names;
    private final @Nullable Object[] values;
    private final int mask;

    NameTable(Map<String, V> entries) {
        int size = Integer.highestOneBit(Math.max(1, entries.size())) << 2;
        names = new String[size];
        values = new Object[size];
        mask = size - 1;
        entries.forEach((name, value) -> {
            int at = slot(name, 0, name.length());
            names[at] = name;
            values[at] = value;
        });
    }

    /** The value of the name that stands at {@code from} up to {@code to}, or null. */
    @SuppressWarnings("unchecked") // values are put in by the constructor alone
    @Nullable
    V get(String text, int from, int to) {
        return (V) values[slot(text, from, to)];
    }

    /** Where the name is, or the free place where it would be. */
    private int slot(String text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text.charAt(i);
        }
        int at = (hash ^ hash >>> 16) & mask;
        for (String name = names[at]; name != null; name = names[at]) {
            if (name.length() == to - from && text.startsWith(name, from)) {
                return at;
            }
            at = (at + 1) & mask;
        }
        return at;
    }
}
