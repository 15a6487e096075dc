package pt.sunbeam.proxy.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.ExceptionRule;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.http.Ascii;
import pt.sunbeam.detector.scan.Exemptions;

/** The exceptions of a configuration by route. Immutable. */
final class ExceptionTable {
    private final Exemptions everywhere;
    private final Map<String, Exemptions> byRoute = new HashMap<>();

    ExceptionTable(List<ExceptionRule> rules) {
        everywhere = exemptions(rules, null);
        for (ExceptionRule rule : rules) {
            if (rule.route() != null) {
                byRoute.computeIfAbsent(rule.route(), route -> exemptions(rules, route));
            }
        }
    }

    /** Those that hold for a request of a route, as audit lines name it. */
    Exemptions of(String route) {
        return byRoute.getOrDefault(route, everywhere);
    }

    private static Exemptions exemptions(List<ExceptionRule> rules, @Nullable String route) {
        List<Compiled> held = rules.stream()
                .filter(rule -> rule.route() == null || rule.route().equals(route))
                .map(Compiled::new)
                .toList();
        return held.isEmpty() ? Exemptions.NONE : new Held(held);
    }

    private static final class Compiled {
        private final @Nullable Place place;
        private final byte @Nullable [] name;
        private final int channels;

        Compiled(ExceptionRule rule) {
            place = rule.place();
            name = rule.name() == null
                    ? null
                    : rule.name().toLowerCase(Locale.ROOT).getBytes(UTF_8);
            channels = rule.channel() == null ? Exemptions.ALL : rule.channel().bit();
        }

        boolean holds(Place where, byte[] bytes, int from, int to) {
            return (place == null || place == where) && (name == null || Ascii.equals(bytes, from, to, name));
        }
    }

    private record Held(List<Compiled> rules) implements Exemptions {
        @Override
        public int of(Place place, byte[] bytes, int nameFrom, int nameTo) {
            int channels = 0;
            for (int i = 0; i < rules.size(); i++) {
                if (rules.get(i).holds(place, bytes, nameFrom, nameTo)) {
                    channels |= rules.get(i).channels;
                }
            }
            return channels;
        }
    }
}
