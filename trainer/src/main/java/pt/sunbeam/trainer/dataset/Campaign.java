package pt.sunbeam.trainer.dataset;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * One run of one tool, recorded through the proxy.
 *
 * @param name of the run; {@code tool} that made it, which names the file as well
 * @param clients distinct addresses
 * @param shots in order of time, not empty
 */
record Campaign(String name, String tool, Kind kind, int clients, List<Shot> shots) {
    /** What a tool was used for. */
    enum Kind {
        /** One or few addresses, each of which asks for much. */
        FLOOD,
        /** Many addresses, each of which asks for little. */
        SLOW_FLOOD,
        /** Paths of a list, most of which are not there. */
        PATH_GUESSING,
        /** Names and passwords of a list. */
        LOGIN_GUESSING,
        /** Harmless. */
        PEOPLE;

        String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** The tool of campaigns that nobody recorded. */
    static final String SIMULATED = "simulated";

    /** A request of one of the campaign's addresses. */
    record Shot(String client, Exchange exchange) {}

    /** An attack that the recording cut off before goes on from its beginning. */
    private static final long SHORTEST_MILLIS = 10_000;

    /** Of shots in any order. */
    static Campaign of(String name, String tool, Kind kind, List<Shot> shots) {
        var sorted = new ArrayList<>(shots);
        sorted.sort(Comparator.comparingLong(shot -> shot.exchange().millis()));
        int clients = (int) shots.stream().map(Shot::client).distinct().count();
        if (kind != Kind.PEOPLE && shots.size() > 1) {
            goOn(sorted);
        }
        return new Campaign(name, tool, kind, clients, List.copyOf(sorted));
    }

    private static void goOn(List<Shot> shots) {
        int recorded = shots.size();
        long first = shots.getFirst().exchange().millis();
        long lasted = shots.getLast().exchange().millis() - first;
        long round = lasted + Math.max(1, lasted / (recorded - 1));
        for (int i = 0; ; i++) {
            var shot = shots.get(i % recorded);
            long millis = shot.exchange().millis() + (1L + i / recorded) * round;
            if (millis - first >= SHORTEST_MILLIS) {
                return;
            }
            shots.add(new Shot(shot.client(), shot.exchange().at(millis)));
        }
    }

    boolean attack() {
        return kind != Kind.PEOPLE;
    }

    /** Kind and tool: what figures are counted by. */
    String family() {
        return kind.words() + " " + tool;
    }

    /**
     * That of its tool, so that a fold's models saw nothing of the tools that it is tested on; our own generators are a tool anew in each campaign. The prefix was chosen, before
     * anything was fitted, so that floods and guessers are in every fold.
     */
    int fold() {
        return Folds.of("program " + (kind == Kind.SLOW_FLOOD || kind == Kind.PEOPLE ? name : tool));
    }

    long firstMillis() {
        return shots.getFirst().exchange().millis();
    }
}
