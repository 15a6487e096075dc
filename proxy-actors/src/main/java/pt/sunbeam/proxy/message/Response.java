package pt.sunbeam.proxy.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A response; {@code fields} are without framing (Content-Length, Transfer-Encoding): the body says that. */
public record Response(int status, List<Field> fields, Body body) {
    public Response {
        fields = List.copyOf(fields);
    }

    /** The first value of that name, or null. */
    public @Nullable String first(String name) {
        for (Field field : fields) {
            if (field.is(name)) {
                return field.value();
            }
        }
        return null;
    }
}
