package pt.sunbeam.proxy.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The shop's catalogue, in memory: the six lamps it opens with and the last hundred that visitors added. Thread-safe. */
final class Items {
    private static final int ADDED_AT_MOST = 100;

    private static final List<Item> STOCK = List.of(
            new Item(
                    1,
                    "Harbour",
                    48,
                    "Copper on the outside, quiet on the inside. Made for quays, kept for balconies."),
            new Item(2, "Meadow", 36, "A low, wide light for long tables and late conversations."),
            new Item(3, "Night Bus", 29, "Folds flat, hangs from anything, forgives rain."),
            new Item(4, "Lighthouse", 120, "Seen from the far end of the garden, and from the next one."),
            new Item(5, "Ember", 22, "As warm as a candle, and safe beside a curtain."),
            new Item(6, "Observatory", 86, "Red at the touch of a switch, so that your eyes stay with the stars."));

    private final List<Item> added = new ArrayList<>();
    private int lastId = STOCK.size();

    /** @param price in whole euros */
    record Item(int id, String name, int price, String text) {}

    synchronized List<Item> all() {
        var all = new ArrayList<>(STOCK);
        all.addAll(added);
        return all;
    }

    synchronized Optional<Item> find(int id) {
        return all().stream().filter(item -> item.id == id).findFirst();
    }

    /** Adds an item; beyond a hundred added ones the oldest of them goes. */
    synchronized Item add(String name, int price, String text) {
        var item = new Item(++lastId, name, price, text);
        added.add(item);
        if (added.size() > ADDED_AT_MOST) {
            added.removeFirst();
        }
        return item;
    }
}
