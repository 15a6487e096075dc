package pt.sunbeam.proxy.headers;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.HeaderRules;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.message.Field;

/** Header rules of the configuration, ready to be applied to messages. Immutable. */
public final class FieldRules {
    /** Nothing changes. */
    public static final FieldRules NONE = new FieldRules(HeaderRules.NONE, null);

    private final Set<String> dropped;
    private final List<HeaderRules.Field> written;
    private final @Nullable String host;

    /** @param host what stands as Host, of requests, or null for what the client asked for */
    public FieldRules(HeaderRules rules, @Nullable String host) {
        var dropped = new HashSet<>(rules.remove());
        rules.set().forEach(field -> dropped.add(field.name().toLowerCase(Locale.ROOT)));
        this.dropped = Set.copyOf(dropped);
        this.written = Stream.concat(rules.set().stream(), rules.add().stream()).toList();
        this.host = host;
    }

    /** What stands for the names in braces in a value. */
    public record Variables(String clientIp, String host, String scheme, String requestId) {
        /** In one pass: what a client sent is not looked at for braces. */
        private String fill(String value) {
            int brace = value.indexOf('{');
            if (brace < 0) {
                return value;
            }
            var filled = new StringBuilder(value.length() + 64);
            int at = 0;
            for (; brace >= 0; brace = value.indexOf('{', at)) {
                int end = value.indexOf('}', brace);
                String known = end < 0 ? null : of(value.substring(brace + 1, end));
                filled.append(value, at, known == null ? brace + 1 : brace).append(known == null ? "" : known);
                at = known == null ? brace + 1 : end + 1;
            }
            return filled.append(value, at, value.length()).toString();
        }

        private @Nullable String of(String name) {
            return switch (name) {
                case "client_ip" -> clientIp;
                case "host" -> host;
                case "scheme" -> scheme;
                case "request_id" -> requestId;
                default -> null;
            };
        }
    }

    /** Whether these leave each message as it is. */
    public boolean areNone() {
        return dropped.isEmpty() && written.isEmpty() && host == null;
    }

    /** The fields of a response, changed. */
    public List<Field> apply(List<Field> fields, Variables variables) {
        var out = new ArrayList<Field>(fields.size() + written.size());
        for (Field field : fields) {
            if (!drops(field.name())) {
                out.add(field);
            }
        }
        written.forEach(field -> out.add(new Field(field.name(), variables.fill(field.value()))));
        return out;
    }

    @Nullable
    String host() {
        return host;
    }

    /** Whether fields of that name, in any case, are left out where they stand. */
    boolean drops(String name) {
        return !dropped.isEmpty() && dropped.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Adds what is set and added to a request; the variables are asked for where there is something. */
    void writeTo(RequestHead.Builder out, Supplier<Variables> variables) {
        if (!written.isEmpty()) {
            Variables values = variables.get();
            written.forEach(field -> out.field(field.name(), values.fill(field.value())));
        }
    }
}
