package pt.sunbeam.trainer.evaluate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Figures as people read them; "-" for those that are not there. */
final class Texts {
    static final String NONE = "-";

    private Texts() {}

    static String value(Figure figure, Slice slice) {
        return value(figure, figure.value().apply(slice));
    }

    static String value(Figure figure, OptionalDouble value) {
        return value.isEmpty() ? NONE : value(figure, value.getAsDouble());
    }

    static String value(Figure figure, double value) {
        return figure.percent() ? percent(value) : fixed(value, 4);
    }

    static String fold(int number) {
        return number == Scored.LAST_FIFTH ? "last fifth" : "fold " + number;
    }

    /** "12.3-45.6", in percent for shares; with more digits where both ends are small. */
    static String interval(Figure figure, Slice slice) {
        Optional<Interval> interval = figure.interval().apply(slice);
        if (interval.isEmpty()) {
            return NONE;
        }
        double scale = figure.percent() ? 100 : 1;
        double low = scale * interval.get().low();
        double high = scale * interval.get().high();
        int digits = !figure.percent() ? 3 : high < 10 ? 2 : 1;
        return fixed(low, digits) + "-" + fixed(high, digits);
    }

    static String percent(double share) {
        return fixed(100 * share, 2) + "%";
    }

    static String fixed(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** Text of data as a terminal may show it: control characters become "?"; longer text is cut. */
    static String plain(String text, int length) {
        var shown = text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .limit(length)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
        if (shown.length() < text.length()) {
            shown.setCharAt(shown.length() - 1, '~');
        }
        return shown.toString();
    }

    /** A share in percent without needless digits: "0.5". */
    static String budget(double share) {
        return new BigDecimal(100 * share)
                .round(new MathContext(6))
                .stripTrailingZeros()
                .toPlainString();
    }
}
