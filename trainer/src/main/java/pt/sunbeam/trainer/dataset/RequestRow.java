package pt.sunbeam.trainer.dataset;

import java.util.List;

/**
 * One request, for the scanner detector; text is ISO-8859-1, as on the wire.
 *
 * @param payload whether the query's one value, or the body's, is an attack string that may stand anywhere
 * @param target in origin form
 * @param fields name, value, name, value
 * @param body its first {@value #LONGEST_BODY} bytes
 * @param status of the response, 0 where not known
 */
public record RequestRow(
        Origin origin,
        boolean attack,
        double weight,
        boolean payload,
        String method,
        String target,
        List<String> fields,
        String body,
        int status)
        implements LabelledRow {
    static final int LONGEST_BODY = 1 << 16;

    public RequestRow {
        fields = List.copyOf(fields);
        body = body.length() <= LONGEST_BODY ? body : body.substring(0, LONGEST_BODY);
    }
}
