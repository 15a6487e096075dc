package pt.sunbeam.trainer.traffic;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What the requests of a flood look like. Each takes one text of each list at random; {@code {}} in a text stands for a random word, a new one each time.
 *
 * @param paths path and query, at least one
 * @param agents User-Agent; none: no such field; so with cookies and referers
 * @param fields further header fields that all requests have, {@code Name: value}
 * @param body of a form; empty: none
 * @param steady whether an address keeps the agent, cookie and referer of its first request
 */
public record Habit(
        String method,
        List<String> paths,
        List<String> agents,
        List<String> cookies,
        List<String> referers,
        List<String> fields,
        String body,
        boolean steady) {
    private static final String PLACE = "{}";
    private static final int LETTERS = 26;
    private static final int WORD = 8;

    Request request(String host, List<String> identity, RandomGenerator random) {
        var all = new ArrayList<String>();
        all.add("Host: " + host);
        all.addAll(steady ? identity : identity(random));
        fields.forEach(field -> all.add(filled(field, random)));
        if (!body.isEmpty()) {
            all.add("Content-Type: application/x-www-form-urlencoded");
        }
        return new Request(method, one(paths, random), all, filled(body, random));
    }

    /** The fields by which a site would know a client. */
    List<String> identity(RandomGenerator random) {
        var drawn = new ArrayList<String>();
        add(drawn, "User-Agent: ", agents, random);
        add(drawn, "Cookie: ", cookies, random);
        add(drawn, "Referer: ", referers, random);
        return drawn;
    }

    private static void add(List<String> drawn, String name, List<String> values, RandomGenerator random) {
        if (!values.isEmpty()) {
            drawn.add(name + one(values, random));
        }
    }

    private static String one(List<String> texts, RandomGenerator random) {
        return filled(texts.get(random.nextInt(texts.size())), random);
    }

    private static String filled(String text, RandomGenerator random) {
        var filled = text;
        while (filled.contains(PLACE)) {
            var word = new StringBuilder();
            random.ints(WORD, 0, LETTERS).forEach(letter -> word.append((char) ('a' + letter)));
            filled = filled.replaceFirst("\\{}", word.toString());
        }
        return filled;
    }
}
