package pt.sunbeam.detector.canon;

/**
 * Takes the values of a request as its readers find them, one after the other, as they stand on the wire (no escape undone but those of the
 * grammar that delimits values).
 *
 * <p>A name that could hold more than a name (anything but letters, digits, {@code _ - . [ ]}) is visited as a value too, with no name of its own: in a
 * query together with its value, name, equals sign and value as they stand. A name that is a path into an object ({@code a.b}, {@code a[b]},
 * {@code __a__}) is visited beside its value.
 */
public interface ValueVisitor {
    /** A value begins; {@code bytes[nameFrom, nameTo)} is its name (empty where it has none) and may change once this returns. */
    void begin(Place place, byte[] bytes, int nameFrom, int nameTo);

    /** The next bytes of the value; called any number of times. How a value is cut into pieces must make no difference. */
    void more(byte[] bytes, int from, int to);

    /** The value ends. */
    void end();

    /** A value that is at hand whole, {@code bytes[from, to)}: as {@link #begin}, {@link #more} and {@link #end}. */
    default void value(Place place, byte[] bytes, int nameFrom, int nameTo, int from, int to) {
        begin(place, bytes, nameFrom, nameTo);
        more(bytes, from, to);
        end();
    }

    /**
     * A number, true, false or null in JSON, {@code bytes[from, to)}, a number cut at 32 bytes: no payload can be written with their characters, so
     * only who asks what kinds of values there are needs to know.
     */
    default void scalar(Place place, byte[] bytes, int nameFrom, int nameTo, byte[] scalar, int from, int to) {}
}
