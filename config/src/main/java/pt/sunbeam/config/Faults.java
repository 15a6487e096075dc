package pt.sunbeam.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The faults found so far. A key has one fault at most: what follows from a fault, in it or below it, is no news. */
final class Faults {
    private static final int SHOWN = 1_000;

    /** @param key null for a fault of a file as such */
    private record Fault(Place place, @Nullable String key, Supplier<String> text) {}

    private final List<Fault> faults = new ArrayList<>();
    private final Set<String> keys = new HashSet<>();

    boolean isEmpty() {
        return faults.isEmpty();
    }

    /** A fault of a file as such, which no key stands for. */
    void add(Place place, String text) {
        faults.add(new Fault(place, null, () -> text));
    }

    void add(Place place, String key, String found, String expected) {
        add(place, key, found, () -> expected);
    }

    /** {@code expected} is asked for only if the fault is shown. */
    void add(Place place, String key, String found, Supplier<String> expected) {
        if (!isCovered(key)) {
            keys.add(key);
            faults.add(new Fault(
                    place, key, () -> "%s: found %s (expected: %s)".formatted(Shown.key(key), found, expected.get())));
        }
    }

    /** The items of a list that all faults are in, by index; empty where there is a fault anywhere else. */
    Set<Integer> allIn(String list) {
        var item = Pattern.compile(Pattern.quote(list) + "\\[(\\d{1,9})](?:\\..*)?");
        var items = new TreeSet<Integer>();
        for (Fault fault : faults) {
            var inItem = item.matcher(fault.key() == null ? "" : fault.key());
            if (!inItem.matches()) {
                return Set.of();
            }
            items.add(Integer.valueOf(inItem.group(1)));
        }
        return items;
    }

    private boolean isCovered(String key) {
        for (int end = key.length();
                end > 0;
                end = Math.max(key.lastIndexOf('.', end - 1), key.lastIndexOf('[', end - 1))) {
            if (keys.contains(key.substring(0, end))) {
                return true;
            }
        }
        return false;
    }

    /** One line a fault, in file order. */
    List<String> report(List<String> files) {
        var lines = new ArrayList<String>();
        faults.stream().sorted(Comparator.comparing(Fault::place)).limit(SHOWN).forEach(fault -> {
            var place = fault.place();
            var line = place.line() == 0 ? "" : ":" + place.line();
            lines.add(files.get(place.file()) + line + ": " + fault.text().get());
        });
        if (faults.size() > SHOWN) {
            lines.add("and %d more faults".formatted(faults.size() - SHOWN));
        }
        return List.copyOf(lines);
    }
}
