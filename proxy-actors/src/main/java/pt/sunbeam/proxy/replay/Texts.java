package pt.sunbeam.proxy.replay;

import org.jspecify.annotations.Nullable;

/** Keeps one string for texts that come back often, for thousands of requests wait at a time. Bounded: a new text takes the place of an old one. */
final class Texts {
    private static final int SLOTS = 1 << 14;

    private final @Nullable String[] recent = new String[SLOTS];

    String shared(String text) {
        int slot = (text.hashCode() * 0x9e3779b9) >>> 18;
        String known = recent[slot];
        if (known != null && known.equals(text)) {
            return known;
        }
        recent[slot] = text;
        return text;
    }
}
