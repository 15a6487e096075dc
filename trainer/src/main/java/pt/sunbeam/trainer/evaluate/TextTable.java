package pt.sunbeam.trainer.evaluate;

import java.util.ArrayList;
import java.util.List;

/** Columns of text: the first flush left and cut where the line would grow too long, the others flush right. */
final class TextTable {
    private static final int SHORTEST_NAME = 8;

    private final List<List<String>> rows = new ArrayList<>();
    private final List<String> marks = new ArrayList<>();

    /** Two lines of headings, each broken before its last word. */
    void heads(List<String> heads) {
        var upper = new ArrayList<String>();
        var lower = new ArrayList<String>();
        for (var head : heads) {
            int end = head.endsWith(" FP") ? head.length() - 4 : head.length();
            int space = head.lastIndexOf(' ', end - 1);
            upper.add(head.substring(0, Math.max(0, space)));
            lower.add(head.substring(space + 1));
        }
        row("", upper);
        row("", lower);
    }

    /** @param mark stands before the line */
    void row(String mark, List<String> cells) {
        marks.add(mark);
        rows.add(List.copyOf(cells));
    }

    /** Lines of at most {@code width} columns, unless there are too many columns for that. */
    List<String> lines(int width) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        var widths = new int[columns];
        for (var row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        int mark = marks.stream().mapToInt(String::length).max().orElse(0);
        int others = mark;
        for (int i = 1; i < columns; i++) {
            others += 1 + widths[i];
        }
        widths[0] = Math.min(widths[0], Math.max(SHORTEST_NAME, width - others));
        var lines = new ArrayList<String>();
        for (int i = 0; i < rows.size(); i++) {
            var line = new StringBuilder(left(marks.get(i), mark));
            var row = rows.get(i);
            for (int column = 0; column < row.size(); column++) {
                line.append(column == 0 ? left(row.get(0), widths[0]) : ' ' + right(row.get(column), widths[column]));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static String left(String text, int width) {
        var shown = Texts.plain(text, width);
        return shown + " ".repeat(Math.max(0, width - shown.length()));
    }

    private static String right(String text, int width) {
        return " ".repeat(width - text.length()) + text;
    }
}
