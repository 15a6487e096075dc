package pt.sunbeam.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One section of the configuration, read key by key. An absent key gives its default; a value that is not as expected
 * is reported and the default stands in, which nobody uses: a tree with faults is thrown away whole.
 */
final class Section {
    private static final Pattern AMOUNT_WITH_UNIT = Pattern.compile("\\d{1,18}(\\.\\d{1,9})?\\s*[A-Za-z]+");
    private static final Pattern NUMBER = Pattern.compile("[-+.\\deE]{1,40}");
    private static final String VALUE = "value";
    private static final long KIB = 1024;

    private final String path;
    private final ConfigObject values;
    private final boolean present;
    private final Faults faults;

    private Section(String path, ConfigObject values, boolean present, Faults faults) {
        this.path = path;
        this.values = values;
        this.present = present;
        this.faults = faults;
    }

    static Section root(ConfigObject tree, Faults faults) {
        return new Section("", tree, true, faults);
    }

    boolean isPresent() {
        return present;
    }

    boolean has(String key) {
        return value(key) != null;
    }

    /** The section of that name; where it is absent, an empty one. */
    Section section(String key) {
        var value = value(key);
        if (value instanceof ConfigObject object) {
            return new Section(full(key), object, true, faults);
        }
        if (value != null) {
            fault(key, "a section");
        }
        return new Section(full(key), ConfigFactory.empty().root().withOrigin(values.origin()), false, faults);
    }

    /** Each section of a list of sections, through {@code read}. */
    <T> List<T> sections(String key, Function<Section, T> read) {
        return items(key, "a list of sections", (name, item) -> {
            if (item instanceof ConfigObject object) {
                return read.apply(new Section(name, object, true, faults));
            }
            faults.add(Place.of(item.origin()), name, Shown.value(name, item), "a section");
            return null;
        });
    }

    /** Each text of a list, through {@code parse}, which throws IllegalArgumentException with what it expects. */
    <T> List<T> list(String key, Function<String, T> parse) {
        return items(key, "a list", (name, item) -> {
            try {
                return parse.apply(text(item));
            } catch (ConfigException notText) {
                faults.add(Place.of(item.origin()), name, Shown.value(name, item), "text");
            } catch (IllegalArgumentException unexpected) {
                faults.add(Place.of(item.origin()), name, Shown.value(name, item), expected(unexpected));
            }
            return null;
        });
    }

    private interface ItemReader<T extends @Nullable Object> {
        T read(String name, ConfigValue item);
    }

    private <T> List<T> items(String key, String expected, ItemReader<@Nullable T> reader) {
        var value = value(key);
        if (value != null && !(value instanceof ConfigList)) {
            fault(key, expected);
        }
        var read = new ArrayList<T>();
        if (value instanceof ConfigList items) {
            for (int i = 0; i < items.size(); i++) {
                T item = reader.read(full(key) + "[" + i + "]", items.get(i));
                if (item != null) {
                    read.add(item);
                }
            }
        }
        return List.copyOf(read);
    }

    boolean flag(String key, boolean absent) {
        return get(key, absent, "true or false", value -> single(value).getBoolean(VALUE));
    }

    int count(String key, int absent, int min, int max) {
        return Math.toIntExact(whole(key, absent, min, max));
    }

    private long whole(String key, long absent, long min, long max) {
        return get(
                key,
                absent,
                "a whole number from %d to %d".formatted(min, max),
                value -> within(wholeNumber(text(value)), min, max));
    }

    /** A TCP port; 0 where {@code min} lets the system choose or the user switch off. */
    int port(String key, int absent, int min) {
        return count(key, absent, min, 65_535);
    }

    /** A number from 0 to 1. */
    double share(String key, double absent) {
        return decimal(key, absent, 0, 1, "a number from 0 to 1");
    }

    /** A number, with a fraction or without. */
    double decimal(String key, double absent, double min, double max, String expected) {
        return get(key, absent, expected, value -> {
            double number = single(value).getDouble(VALUE);
            if (number >= min && number <= max) {
                return number;
            }
            throw new IllegalArgumentException();
        });
    }

    /** A number of bytes, plain or with a unit. */
    int bytes(String key, long absent, long min, long max) {
        return Math.toIntExact(get(
                key,
                absent,
                "a size from %s to %s, such as \"32 KiB\"".formatted(size(min), size(max)),
                value -> within(bytes(value), min, max)));
    }

    /** A number of bytes of at least 1, or Long.MAX_VALUE where it is absent or "unlimited". */
    long bytesOrUnlimited(String key) {
        return get(
                key,
                Long.MAX_VALUE,
                "a size of 1 byte or more, such as \"10 MiB\", or \"unlimited\"",
                value -> text(value).equals("unlimited") ? Long.MAX_VALUE : within(bytes(value), 1, Long.MAX_VALUE));
    }

    /** A time with its unit. A bare number is a fault: it means milliseconds to some readers and seconds to others. */
    Duration duration(String key, Duration absent, Duration min, Duration max) {
        return get(key, absent, "a time from %s to %s, such as \"10 s\"".formatted(time(min), time(max)), value -> {
            if (AMOUNT_WITH_UNIT.matcher(text(value)).matches()) {
                var duration = single(value).getDuration(VALUE);
                if (duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
                    return duration;
                }
            }
            throw new IllegalArgumentException();
        });
    }

    /** Whole seconds without a unit, for keys that end in _secs. */
    Duration seconds(String key, int absent, int min, int max) {
        return Duration.ofSeconds(whole(key, absent, min, max));
    }

    /** Text through {@code parse}, which throws IllegalArgumentException with what it expects. */
    <T> T parsed(String key, T absent, Function<String, T> parse) {
        return get(key, absent, "text", value -> parse.apply(text(value)));
    }

    /** Like {@link #parsed}, but it is a fault if the key is absent. */
    <T> T required(String key, T standIn, String expected, Function<String, T> parse) {
        require(key, expected);
        return get(key, standIn, expected, value -> parse.apply(text(value)));
    }

    /** Reports the absence of a key that has to be there. */
    void require(String key, String expected) {
        if (!has(key)) {
            faults.add(Place.of(values.origin()), full(key), "nothing", expected);
        }
    }

    /** Reports the value of a key, or its absence. */
    void fault(String key, String expected) {
        var value = value(key);
        var place = Place.of(value == null ? values.origin() : value.origin());
        var found = value == null ? "nothing" : Shown.value(full(key), value);
        faults.add(place, full(key), found, expected);
    }

    String full(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private <T> T get(String key, T absent, String expected, Function<ConfigValue, T> read) {
        var value = value(key);
        if (value == null) {
            return absent;
        }
        try {
            return read.apply(value);
        } catch (ConfigException mistyped) {
            fault(key, expected);
        } catch (IllegalArgumentException invalid) {
            fault(key, invalid.getMessage() == null ? expected : expected(invalid));
        }
        return absent;
    }

    /** The value of a key; null, which unsets a key in HOCON, is none. */
    private @Nullable ConfigValue value(String key) {
        ConfigValue value = values.get(key);
        return value == null || value.valueType() == ConfigValueType.NULL ? null : value;
    }

    private static String expected(IllegalArgumentException unexpected) {
        return String.valueOf(unexpected.getMessage());
    }

    private static Config single(ConfigValue value) {
        return value.atKey(VALUE);
    }

    private static String text(ConfigValue value) {
        return single(value).getString(VALUE);
    }

    /** Exact, where the library would cut 1.5 down to 1. */
    private static long wholeNumber(String text) {
        try {
            return NUMBER.matcher(text).matches() ? new BigDecimal(text).longValueExact() : reject();
        } catch (ArithmeticException | NumberFormatException notWhole) {
            return reject();
        }
    }

    private static long bytes(ConfigValue value) {
        var text = text(value);
        if (!AMOUNT_WITH_UNIT.matcher(text).matches()) {
            return wholeNumber(text);
        }
        var size = single(value).getMemorySize(VALUE).toBytesBigInteger();
        return size.bitLength() < Long.SIZE ? size.longValue() : reject();
    }

    private static long within(long number, long min, long max) {
        return number >= min && number <= max ? number : reject();
    }

    /** Without a message, so that the key's own expectation is reported. */
    private static long reject() {
        throw new IllegalArgumentException();
    }

    private static String size(long bytes) {
        if (bytes % (KIB * KIB) == 0) {
            return bytes / (KIB * KIB) + " MiB";
        }
        return bytes % KIB == 0 ? bytes / KIB + " KiB" : bytes + " bytes";
    }

    private static String time(Duration time) {
        return time.toMillisPart() == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
