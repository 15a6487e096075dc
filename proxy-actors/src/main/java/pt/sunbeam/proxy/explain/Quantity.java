package pt.sunbeam.proxy.explain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/** Whole numbers of small units as people say them: 350 of "1/1000 requests a second" are "0.35 requests a second". */
final class Quantity {
    private static final Pattern FRACTION = Pattern.compile("1/([1-9][0-9]*)(?: (.*))?");

    private Quantity() {}

    static String text(int raw, String unit) {
        var fraction = FRACTION.matcher(unit);
        if (fraction.matches()) {
            var value = BigDecimal.valueOf(raw)
                    .divide(new BigDecimal(fraction.group(1)), 4, RoundingMode.HALF_UP)
                    .stripTrailingZeros()
                    .toPlainString();
            return fraction.group(2) == null ? value : value + " " + fraction.group(2);
        }
        return unit.equals("0 or 1") ? Integer.toString(raw) : raw + " " + unit;
    }
}
