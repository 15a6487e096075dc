package pt.sunbeam.proxy.suggest;

import java.util.List;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.lexicon.Channel;

/**
 * An exception that would let requests pass which look harmless.
 *
 * @param route as audit lines name it; empty where they name none
 * @param name empty where the values have none
 * @param requests that were blocked, or would have been, for this above all
 * @param clients that sent them
 * @param answered of the requests, those that the site answered with 2xx or 3xx; none where the proxy blocked them
 * @param examples segments, at most three
 */
public record Suggestion(
        String route,
        Place place,
        String name,
        Channel channel,
        long requests,
        long clients,
        long answered,
        List<String> examples) {
    /** As an item of {@code scanner.exceptions} in HOCON. */
    public String hocon() {
        var text = new StringBuilder("{ ");
        if (!route.isEmpty()) {
            text.append("route = ").append(quoted(route)).append(", ");
        }
        text.append("place = ").append(place.word());
        if (!name.isEmpty()) {
            text.append(", name = ").append(quoted(name));
        }
        return text.append(", channel = ").append(channel.word()).append(" }").toString();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
