package pt.sunbeam.trainer.dataset;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import pt.sunbeam.detector.window.EventReader;

/** Windows of simulated floods and of harmless clients that must not be taken for floods: no log holds enough of either. */
final class Simulations {
    static final String FLOOD = "flood ";
    private static final int FIRST_MILLIS = 2_000;
    private static final int POLITE_WINDOWS = 60;
    private static final String FILE = "";

    private Simulations() {}

    /** Adds {@code runs} simulated clients of each shape. */
    static void add(DatasetBuilder builder, Backgrounds backgrounds, int runs, long seed, Consumer<String> log) {
        var tally = builder.begin(Sources.SIMULATED, FILE, "");
        long before = builder.rows();
        var events = new EventReader(seed);
        var simulator = new FloodSimulator(seed);
        var random = new SplittableRandom(seed);
        for (var shape : FloodSimulator.Shape.values()) {
            for (int run = 1; run <= runs; run++) {
                tally.line();
                var group = FLOOD + words(shape) + " " + run;
                var pool = backgrounds.of(fold(shape), Folds.role(group));
                var background = pool.isEmpty() ? List.<Exchange>of() : pool.get(random.nextInt(pool.size()));
                flood(builder, simulator.flood(shape, background), shape, group, run, events);
            }
        }
        var polite = new PoliteSimulator(seed);
        for (var shape : PoliteSimulator.Shape.values()) {
            for (int run = 1; run <= runs; run++) {
                tally.line();
                polite(builder, polite.client(shape), shape, run, events);
            }
        }
        log.accept("simulated: %,d floods of %d shapes, %,d harmless clients of %d, %,d windows"
                .formatted(
                        runs * FloodSimulator.Shape.values().length,
                        FloodSimulator.Shape.values().length,
                        runs * PoliteSimulator.Shape.values().length,
                        PoliteSimulator.Shape.values().length,
                        builder.rows() - before));
        builder.note(
                Header.WINDOWS,
                "Floods are simulated beside those recorded: single URL, rotating pages, cache busting, missing paths, a ramp, posts, pulses, rotating agents and mixed methods, each shape in a fold of"
                        + " its own. One flood in four of the other shapes posts. 20 to 2,000 requests a second. Real floods may differ.");
        builder.note(
                Header.WINDOWS,
                "Pollers of one to three URLs (up to 5 requests a second), pages of up to 120 parts fetched at once, and up to 40 people behind one address are simulated as"
                        + " benign clients beside those of the logs.");
    }

    /** Windows at growing distances: the beginning of a flood counts most. */
    private static void flood(
            DatasetBuilder builder,
            List<Exchange> exchanges,
            FloodSimulator.Shape shape,
            String group,
            int run,
            EventReader events) {
        long start = exchanges.getFirst().millis();
        play(exchanges, events, (arrival, day, size, raw) -> {
            if (day.arrivals < day.next) {
                return;
            }
            day.next = Math.max(day.arrivals + 1, day.arrivals * WindowRows.GROWTH);
            boolean first = arrival.event().timeMillis() - start <= FIRST_MILLIS;
            var family = FLOOD + words(shape) + (first ? ", first 2 s" : ", later");
            var origin = new Origin(Sources.SIMULATED, FILE, run, "", "", family, group, fold(shape), -1);
            builder.add(new WindowRow(origin, true, Sources.SYNTHETIC_WEIGHT, group, size, raw.clone()));
        });
    }

    private static void polite(
            DatasetBuilder builder,
            List<Exchange> exchanges,
            PoliteSimulator.Shape shape,
            int run,
            EventReader events) {
        var site = "simulated " + words(shape);
        var group = site + " " + run;
        int every = Math.max(1, exchanges.size() / POLITE_WINDOWS);
        play(exchanges, events, (_, day, size, raw) -> {
            if (day.arrivals % every == 0) {
                var origin = Origin.of(Sources.SIMULATED, FILE, run, site, "", "", group, -1);
                builder.add(new WindowRow(origin, false, Sources.SYNTHETIC_WEIGHT, group, size, raw.clone()));
            }
        });
    }

    private static void play(List<Exchange> exchanges, EventReader events, ClientWindows.Observer<String> observer) {
        var windows = new ClientWindows<>(observer);
        long id = 0;
        for (var exchange : exchanges) {
            windows.add(exchange.arrival("", id++, events, ""));
        }
        windows.finish();
    }

    /** That of the shape: a fold's models saw nothing of the shapes that it is tested on. */
    private static int fold(FloodSimulator.Shape shape) {
        return Folds.of(FLOOD + words(shape));
    }

    private static String words(Enum<?> shape) {
        return shape.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
