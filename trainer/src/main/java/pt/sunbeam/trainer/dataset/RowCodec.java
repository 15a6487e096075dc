package pt.sunbeam.trainer.dataset;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import pt.sunbeam.detector.feature.DdosFeatures;

/**
 * Rows as bytes: a letter for the table, then the parts in the order of the records. Numbers are LEB128, text is its length in bytes and UTF-8, a
 * weight is an IEEE 754 double.
 */
final class RowCodec {
    static final int REQUEST = 'R';
    static final int WINDOW = 'W';
    private static final int LONGEST_TEXT = 1 << 22;
    private static final int MOST_FIELDS = 1 << 12;

    private RowCodec() {}

    static void write(LabelledRow row, DataOutputStream out) throws IOException {
        out.writeByte(row instanceof RequestRow ? REQUEST : WINDOW);
        var origin = row.origin();
        text(origin.source(), out);
        text(origin.file(), out);
        number(origin.line(), out);
        text(origin.site(), out);
        text(origin.client(), out);
        text(origin.family(), out);
        text(origin.group(), out);
        out.writeByte(origin.fold());
        number(origin.timeMillis() + 1, out);
        out.writeBoolean(row.attack());
        out.writeDouble(row.weight());
        switch (row) {
            case RequestRow request -> {
                out.writeBoolean(request.payload());
                text(request.method(), out);
                text(request.target(), out);
                number(request.fields().size(), out);
                for (var field : request.fields()) {
                    text(field, out);
                }
                text(request.body(), out);
                number(request.status(), out);
            }
            case WindowRow window -> {
                text(window.unit(), out);
                number(window.events(), out);
                for (int value : window.raw()) {
                    number(value, out);
                }
            }
        }
    }

    /** The next row, whose letter is read. */
    static LabelledRow read(int table, DataInputStream in) throws IOException {
        var origin = new Origin(
                text(in),
                text(in),
                number(in),
                text(in),
                text(in),
                text(in),
                text(in),
                bounded(in.readUnsignedByte(), Folds.COUNT - 1, "fold"),
                number(in) - 1);
        boolean attack = in.readBoolean();
        double weight = in.readDouble();
        return switch (table) {
            case REQUEST -> {
                boolean payload = in.readBoolean();
                var method = text(in);
                var target = text(in);
                int count = bounded(number(in), MOST_FIELDS, "number of fields");
                var fields = new ArrayList<String>(count);
                for (int i = 0; i < count; i++) {
                    fields.add(text(in));
                }
                yield new RequestRow(
                        origin, attack, weight, payload, method, target, fields, text(in), (int) number(in));
            }
            case WINDOW -> {
                var unit = text(in);
                int events = (int) number(in);
                var raw = new int[DdosFeatures.COUNT];
                for (int i = 0; i < raw.length; i++) {
                    raw[i] = (int) number(in);
                }
                yield new WindowRow(origin, attack, weight, unit, events, raw);
            }
            default -> throw new IOException("found a row of table %d (expected: R or W)".formatted(table));
        };
    }

    private static void text(String text, DataOutputStream out) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        number(bytes.length, out);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        var bytes = new byte[bounded(number(in), LONGEST_TEXT, "length")];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void number(long number, DataOutputStream out) throws IOException {
        long rest = number;
        while ((rest & ~0x7fL) != 0) {
            out.writeByte(((int) rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    private static long number(DataInputStream in) throws IOException {
        long number = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = in.readUnsignedByte();
            number |= (next & 0x7fL) << shift;
            if (next < 0x80) {
                return number;
            }
        }
        throw new IOException("found a number of more than 64 bits");
    }

    private static int bounded(long number, int most, String what) throws IOException {
        if (number < 0 || number > most) {
            throw new IOException("found the %s %d (expected: 0 to %d)".formatted(what, number, most));
        }
        return (int) number;
    }
}
