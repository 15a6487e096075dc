package pt.sunbeam.config;

import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigOriginFactory;
import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * Where something is written: the file, as its number in reading order, and the line from 1; line 0 is the whole file.
 * It travels through the configuration library as the description of an origin, "#file: line", which survives merges.
 */
record Place(int file, int line) implements Comparable<Place> {
    private static final Pattern WRITTEN = Pattern.compile("#(\\d+): (\\d+)");
    private static final Comparator<Place> IN_FILE_ORDER =
            Comparator.comparingInt(Place::file).thenComparingInt(Place::line);

    /** The first place that an origin names, or the start of the first file for an origin that names none. */
    static Place of(ConfigOrigin origin) {
        var written = WRITTEN.matcher(origin.description());
        return written.find()
                ? new Place(Integer.parseInt(written.group(1)), Integer.parseInt(written.group(2)))
                : new Place(0, 1);
    }

    static boolean isKnown(ConfigOrigin origin) {
        return WRITTEN.matcher(origin.description()).find();
    }

    /** The origin description of a file; the library appends the line. */
    static String description(int file) {
        return "#" + file;
    }

    ConfigOrigin origin() {
        return ConfigOriginFactory.newSimple(description(file)).withLineNumber(line);
    }

    @Override
    public int compareTo(Place other) {
        return IN_FILE_ORDER.compare(this, other);
    }
}
