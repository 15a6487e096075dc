package pt.sunbeam.trainer.read;

import java.util.List;

/**
 * A request as a data set keeps it; text is ISO-8859-1, as on the wire.
 *
 * @param group what must not be torn apart by a split: a site, an attack class, a template
 * @param target the request target as recorded: origin form or absolute form
 * @param fields name, value, name, value
 * @param body empty where there is none
 * @param line of the file, from 1, where the request begins
 */
public record RecordedRequest(String group, String method, String target, List<String> fields, String body, long line) {
    public RecordedRequest {
        fields = List.copyOf(fields);
    }
}
