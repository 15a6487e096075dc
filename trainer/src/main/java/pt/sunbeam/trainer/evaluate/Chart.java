package pt.sunbeam.trainer.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A chart of curves as inline SVG: as wide as its place, in the colours of the page, with a title and a description for who does not see it. */
final class Chart {
    /** A value and its place on an axis, in [0, 1]. */
    record Tick(double at, String label) {}

    /** A point in [0, 1] x [0, 1], the origin at the lower left. */
    record Spot(double x, double y) {}

    private static final double WIDTH = 400;
    private static final double HEIGHT = 310;
    private static final double LEFT = 52;
    private static final double RIGHT = 22;
    private static final double TOP = 10;
    private static final double BOTTOM = 46;
    private static final double SMALLEST_STEP = 0.6;

    private final String id;
    private final List<String> parts = new ArrayList<>();
    private final String title;
    private final String description;

    /** @param id unique within the page */
    Chart(String id, String title, String description) {
        this.id = id;
        this.title = title;
        this.description = description;
    }

    Chart axes(String xLabel, List<Tick> xTicks, String yLabel, List<Tick> yTicks) {
        for (var tick : xTicks) {
            parts.add(line(x(tick.at()), y(0), x(tick.at()), y(1)));
            parts.add(text(x(tick.at()), y(0) + 16, "middle", tick.label()));
        }
        for (var tick : yTicks) {
            parts.add(line(x(0), y(tick.at()), x(1), y(tick.at())));
            parts.add(text(x(0) - 6, y(tick.at()) + 4, "end", tick.label()));
        }
        parts.add(text((x(0) + x(1)) / 2, HEIGHT - 8, "middle", xLabel));
        parts.add(format(
                "<text transform=\"translate(12 %.1f) rotate(-90)\" text-anchor=\"middle\">%s</text>",
                (y(0) + y(1)) / 2, Html.escaped(yLabel)));
        return this;
    }

    /** A curve; points that no eye tells apart are left out. */
    Chart curve(String style, List<Spot> spots) {
        var path = new StringBuilder();
        double lastX = Double.NEGATIVE_INFINITY;
        double lastY = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < spots.size(); i++) {
            double x = x(spots.get(i).x());
            double y = y(spots.get(i).y());
            if (i == spots.size() - 1 || Math.abs(x - lastX) + Math.abs(y - lastY) >= SMALLEST_STEP) {
                path.append(format("%s%.1f %.1f", path.isEmpty() ? "M" : "L", x, y));
                lastX = x;
                lastY = y;
            }
        }
        parts.add(format("<path class=\"%s\" d=\"%s\"/>", style, path));
        return this;
    }

    Chart dot(String style, Spot spot, double radius) {
        parts.add(format(
                "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", style, x(spot.x()), y(spot.y()), radius));
        return this;
    }

    String svg() {
        return format(
                        "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-labelledby=\"%s-t %s-d\"><title id=\"%s-t\">%s</title><desc id=\"%s-d\">%s</desc>",
                        WIDTH, HEIGHT, id, id, id, Html.escaped(title), id, Html.escaped(description))
                + String.join("", parts)
                + "</svg>";
    }

    private static String line(double x1, double y1, double x2, double y2) {
        return format("<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", x1, y1, x2, y2);
    }

    private static String text(double x, double y, String anchor, String text) {
        return format("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, Html.escaped(text));
    }

    private static double x(double share) {
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double share) {
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    }

    @SuppressWarnings("AnnotateFormatMethod") // its formats are the constants above
    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
