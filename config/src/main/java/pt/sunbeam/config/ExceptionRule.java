package pt.sunbeam.config;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.lexicon.Channel;

/**
 * Values that the scanner detector shall not hold against a request; null for any, but for one of place, name and channel at least.
 *
 * @param route as audit lines name it: the host prefix, with the path prefix behind it where one matched
 * @param name of the parameter, cookie, header field or member, compared without case
 * @param channel what is not looked for there; null: the value is not looked at
 */
public record ExceptionRule(
        @Nullable String route,
        @Nullable Place place,
        @Nullable String name,
        @Nullable Channel channel) {
    static ExceptionRule read(Section rule) {
        if (!rule.has("place") && !rule.has("name") && !rule.has("channel")) {
            rule.fault("name", "place, name or channel, for this excepts every request");
        }
        return new ExceptionRule(
                rule.has("route") ? rule.parsed("route", "", ExceptionRule::text) : null,
                rule.has("place") ? rule.parsed("place", Place.PATH, one(Place.values(), Place::word)) : null,
                rule.has("name") ? rule.parsed("name", "", ExceptionRule::text) : null,
                rule.has("channel")
                        ? rule.parsed("channel", Channel.SQLI, one(Channel.values(), Channel::word))
                        : null);
    }

    private static String text(String text) {
        if (text.isEmpty() || text.length() > 1_024) {
            throw new IllegalArgumentException("1 to 1024 characters");
        }
        return text;
    }

    private static <T> Function<String, T> one(T[] values, Function<T, String> word) {
        return text -> Stream.of(values)
                .filter(value -> word.apply(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "one of " + Arrays.stream(values).map(word).collect(Collectors.joining(", "))));
    }
}
