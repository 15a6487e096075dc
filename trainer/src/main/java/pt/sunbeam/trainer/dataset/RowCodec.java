package pt.sunbeam.trainer.dataset;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import pt.sunbeam.detector.feature.AddressFeatures;

/**
 * Rows as bytes: a letter for the table, then the parts in the order of the records. Numbers are LEB128, text is its length in bytes and UTF-8, a
 * weight is in steps of 1/1000.
 */
final class RowCodec {
    static final int REQUEST = 'R';
    static final int WINDOW = 'W';
    private static final int WEIGHT_UNIT = 1_000;
    private static final int LONGEST_TEXT = 1 << 22;
    private static final int MOST_FIELDS = 1 << 12;

    private RowCodec() {}

    static void write(LabelledRow row, RowBytes out) {
        out.octet(row instanceof RequestRow ? REQUEST : WINDOW);
        var origin = row.origin();
        out.text(origin.source());
        out.text(origin.file());
        out.number(origin.line());
        out.text(origin.site());
        out.text(origin.client());
        out.text(origin.family());
        out.text(origin.group());
        out.octet(origin.fold());
        out.number(origin.timeMillis() + 1);
        out.octet(row.attack() ? 1 : 0);
        out.number(Math.round(row.weight() * WEIGHT_UNIT));
        switch (row) {
            case RequestRow request -> {
                out.octet(request.payload() ? 1 : 0);
                out.text(request.method());
                out.text(request.target());
                out.number(request.fields().size());
                request.fields().forEach(out::text);
                out.text(request.body());
                out.number(request.status());
            }
            case WindowRow window -> {
                out.text(window.unit());
                out.number(window.events());
                for (int value : window.raw()) {
                    out.number(value);
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
        double weight = number(in) / (double) WEIGHT_UNIT;
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
                var raw = new int[AddressFeatures.COUNT];
                for (int i = 0; i < raw.length; i++) {
                    raw[i] = (int) number(in);
                }
                yield new WindowRow(origin, attack, weight, unit, events, raw);
            }
            default -> throw new IOException("found a row of table %d (expected: R or W)".formatted(table));
        };
    }

    private static String text(DataInputStream in) throws IOException {
        var bytes = new byte[bounded(number(in), LONGEST_TEXT, "length")];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
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
