package pt.sunbeam.proxy.headers;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.HeaderRules;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.message.Field;

/** Header rules of the configuration, ready to be applied to messages. Immutable. */
public final class FieldRules {
    private final Set<String> dropped;
    private final List<HeaderRules.Field> written;
    private final boolean none;

    public FieldRules(HeaderRules rules) {
        var dropped = new HashSet<>(rules.remove());
        rules.set().forEach(field -> dropped.add(field.name().toLowerCase(Locale.ROOT)));
        this.dropped = Set.copyOf(dropped);
        this.written = new ArrayList<>(rules.set());
        this.written.addAll(rules.add());
        this.none = dropped.isEmpty() && written.isEmpty();
    }

    /** What stands for the names in braces in a value. */
    public record Variables(String clientIp, String host, String scheme, String requestId) {
        private String fill(String value) {
            return value.indexOf('{') < 0
                    ? value
                    : value.replace("{client_ip}", clientIp)
                            .replace("{host}", host)
                            .replace("{scheme}", scheme)
                            .replace("{request_id}", requestId);
        }
    }

    /** The fields of a response, changed. */
    public List<Field> apply(List<Field> fields, Variables variables) {
        if (none) {
            return fields;
        }
        var out = new ArrayList<Field>(fields.size() + written.size());
        for (Field field : fields) {
            if (!drops(field.name())) {
                out.add(field);
            }
        }
        written.forEach(field -> out.add(new Field(field.name(), variables.fill(field.value()))));
        return out;
    }

    /**
     * The head of a request, changed.
     *
     * @param host what stands as Host then, or null for what stands there
     */
    public RequestHead apply(RequestHead head, @Nullable String host, Variables variables) {
        if (none && host == null) {
            return head;
        }
        var out = RequestHead.builder(head.method(), head.target(), head.version(), head.bytes().length + 256);
        if (host != null) {
            out.field("Host", host);
        }
        for (int field = 0; field < head.fieldCount(); field++) {
            String name = head.name(field);
            boolean replaced = host != null && name.equalsIgnoreCase("host");
            if (!replaced && !drops(name)) {
                out.field(name, head.value(field));
            }
        }
        written.forEach(field -> out.field(field.name(), variables.fill(field.value())));
        return out.build();
    }

    private boolean drops(String name) {
        return dropped.contains(name.toLowerCase(Locale.ROOT));
    }
}
