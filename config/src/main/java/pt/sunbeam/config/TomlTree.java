package pt.sunbeam.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** TOML 1.0 as a tree of the configuration library, each value with its line. */
final class TomlTree {
    private final int file;
    private final List<String> lines;

    private TomlTree(int file, List<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    /** The tree of {@code text}, or an empty one and faults that name every syntax error the parser can tell apart. */
    static ConfigObject parse(int file, String text, Faults faults) {
        var parsed = Toml.parse(text);
        var lines = text.lines().toList();
        for (var error : parsed.errors()) {
            int line = error.position().line();
            faults.add(new Place(file, line), Shown.syntax(Objects.toString(error.getMessage()), lines, line));
        }
        return parsed.hasErrors()
                ? ConfigFactory.empty().root()
                : new TomlTree(file, lines).object(parsed, new Place(file, 1));
    }

    private ConfigObject object(TomlTable table, Place place) {
        Map<String, ConfigValue> values = new LinkedHashMap<>();
        for (var entry : table.entrySet()) {
            var position = table.inputPositionOf(List.of(entry.getKey()));
            var at = position == null ? place : new Place(file, position.line());
            values.put(entry.getKey(), value(entry.getValue(), at));
        }
        return ConfigValueFactory.fromMap(values).withOrigin(place.origin());
    }

    private ConfigValue value(Object value, Place place) {
        return switch (value) {
            case TomlTable table -> object(table, place);
            case TomlArray array -> {
                var items = new ArrayList<ConfigValue>();
                for (int i = 0; i < array.size(); i++) {
                    items.add(value(array.get(i), new Place(file, lineOfItem(array.inputPositionOf(i)))));
                }
                yield ConfigValueFactory.fromIterable(items).withOrigin(place.origin());
            }
            case String _, Long _, Double _, Boolean _ ->
                ConfigValueFactory.fromAnyRef(value).withOrigin(place.origin());
            // dates and times: no key takes one, and their text says so best
            default -> ConfigValueFactory.fromAnyRef(value.toString()).withOrigin(place.origin());
        };
    }

    /** The parser gives the end of the bracket or comma before an item: the item comes after blanks and comments. */
    private int lineOfItem(TomlPosition after) {
        int column = after.column() - 1;
        for (int line = after.line(); line <= lines.size(); line++, column = 0) {
            var text = lines.get(line - 1);
            var rest = text.substring(Math.min(column, text.length())).strip();
            if (!rest.isEmpty() && !rest.startsWith("#")) {
                return line;
            }
        }
        return after.line();
    }
}
