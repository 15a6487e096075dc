package pt.sunbeam.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fills in HOCON's {@code ${key}} and {@code ${?VARIABLE}}, and keeps for each value the line where it is written. */
final class Substitutions {
    private static final ConfigValue NULL = ConfigValueFactory.fromAnyRef(null);

    private final Faults faults;

    private Substitutions(Faults faults) {
        this.faults = faults;
    }

    /** The tree without substitutions; one that nothing defines is a fault. Null, and a fault, if they run in a circle. */
    static @Nullable ConfigObject resolve(ConfigObject written, Map<String, String> environment, Faults faults) {
        try {
            var options = ConfigResolveOptions.noSystem()
                    .setAllowUnresolved(true)
                    .appendResolver(new Environment(environment));
            Config resolved = written.toConfig().resolve(options);
            return new Substitutions(faults).object("", resolved.root(), written, written.origin());
        } catch (ConfigException circular) {
            var place = circular.origin() == null ? new Place(0, 1) : Place.of(circular.origin());
            faults.add(place, "substitution: " + Shown.text(Sources.message(circular)));
            return null;
        }
    }

    private ConfigObject object(String path, ConfigObject object, @Nullable ConfigValue written, ConfigOrigin above) {
        var origin = origin(object, written, above);
        Map<String, ConfigValue> values = new LinkedHashMap<>();
        object.forEach((key, value) -> {
            var full = (path.isEmpty() ? "" : path + ".") + ConfigUtil.joinPath(key);
            values.put(key, value(full, value, child(written, key), origin));
        });
        return ConfigValueFactory.fromMap(values).withOrigin(origin);
    }

    private ConfigValue value(String path, ConfigValue value, @Nullable ConfigValue written, ConfigOrigin above) {
        var origin = origin(value, written, above);
        if (isUnresolved(value)) {
            var found = Shown.looksSecret(path) ? "***" : Shown.text(value.render(ConfigRenderOptions.concise()));
            faults.add(Place.of(origin), path, found, "a substitution that something defines, or ${?...}");
            return NULL.withOrigin(origin);
        }
        return switch (value) {
            case ConfigObject object -> object(path, object, written, above);
            case ConfigList list -> {
                var items = new ArrayList<ConfigValue>();
                for (int i = 0; i < list.size(); i++) {
                    items.add(value(path + "[" + i + "]", list.get(i), null, origin));
                }
                yield ConfigValueFactory.fromIterable(items).withOrigin(origin);
            }
            default -> value.withOrigin(origin);
        };
    }

    /** A value from the environment has no line of its own: it gets that of the substitution, or of what is around it. */
    private static ConfigOrigin origin(ConfigValue value, @Nullable ConfigValue written, ConfigOrigin above) {
        if (Place.isKnown(value.origin())) {
            return value.origin();
        }
        var around = written == null ? above : written.origin();
        var place = Place.of(around);
        return ConfigOriginFactory.newSimple(
                value.origin().description() + " at " + place.origin().description());
    }

    private static @Nullable ConfigValue child(@Nullable ConfigValue written, String key) {
        try {
            return written instanceof ConfigObject object ? object.get(key) : null;
        } catch (ConfigException.NotResolved merged) {
            return null;
        }
    }

    private static boolean isUnresolved(ConfigValue value) {
        try {
            if (value instanceof ConfigObject object) {
                var _ = object.entrySet();
            }
            value.valueType();
            return false;
        } catch (ConfigException.NotResolved unresolved) {
            return true;
        }
    }

    private record Environment(Map<String, String> variables) implements ConfigResolver {
        @Override
        public @Nullable ConfigValue lookup(String path) {
            var value = variables.get(path);
            return value == null ? null : ConfigValueFactory.fromAnyRef(value, Shown.environment(path));
        }

        @Override
        public ConfigResolver withFallback(ConfigResolver fallback) {
            return this;
        }
    }
}
