package pt.sunbeam.trainer.dataset;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** How the rows of a dataset are divided into roles. */
public sealed interface Split {
    /** Tests on one fold of groups: on sites, families and networks that the fit never saw. */
    record ByGroup(int heldOut) implements Split {
        public ByGroup {
            if (heldOut < 0 || heldOut >= Folds.COUNT) {
                throw new IllegalArgumentException("fold " + heldOut + " (expected: 0 to " + (Folds.COUNT - 1) + ")");
            }
        }

        @Override
        public Function<LabelledRow, Role> roles(DatasetFile file) {
            return row -> row.origin().fold() == heldOut
                    ? Role.TEST
                    : Folds.role(row.origin().group());
        }
    }

    /** Tests on the last fifth of each source, by time; by the order of lines where times are not known. Groups are the same before and after. */
    record ByTime() implements Split {
        @Override
        public Function<LabelledRow, Role> roles(DatasetFile file) throws IOException {
            var times = new HashMap<String, Times>();
            file.forEach(
                    row -> times.computeIfAbsent(series(row), _ -> new Times()).add(position(row)));
            Map<String, Long> cuts = new HashMap<>();
            times.forEach((series, all) -> cuts.put(series, all.lastFifth()));
            return row -> position(row) >= cuts.getOrDefault(series(row), Long.MAX_VALUE)
                    ? Role.TEST
                    : Folds.role(row.origin().group());
        }

        /** Lines are numbered in each file anew. */
        private static String series(LabelledRow row) {
            var origin = row.origin();
            return origin.timeMillis() >= 0 ? origin.source() : origin.source() + " " + origin.file();
        }

        private static long position(LabelledRow row) {
            return row.origin().timeMillis() >= 0
                    ? row.origin().timeMillis()
                    : row.origin().line();
        }
    }

    /** The role of each row of a file. */
    Function<LabelledRow, Role> roles(DatasetFile file) throws IOException;

    /** A list of numbers, without a box for each. */
    final class Times {
        private long[] times = new long[64];
        private int size;

        private Times() {}

        private void add(long time) {
            if (size == times.length) {
                times = Arrays.copyOf(times, 2 * size);
            }
            times[size++] = time;
        }

        private long lastFifth() {
            var sorted = Arrays.copyOf(times, size);
            Arrays.sort(sorted);
            return sorted[size - Math.max(1, size / 5)];
        }
    }
}
