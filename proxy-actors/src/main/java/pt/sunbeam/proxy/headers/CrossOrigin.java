package pt.sunbeam.proxy.headers;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.Cors;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.message.Field;

/** The CORS protocol on behalf of a backend (Fetch standard, section 3.2). Immutable. */
public final class CrossOrigin {
    private static final HeaderName ORIGIN = HeaderName.of("origin");
    private static final HeaderName REQUEST_METHOD = HeaderName.of("access-control-request-method");
    private static final HeaderName REQUEST_HEADERS = HeaderName.of("access-control-request-headers");
    private static final String ANY = "*";

    private final Cors cors;
    private final Set<String> origins = new HashSet<>();
    private final List<String[]> wildcards = new ArrayList<>(); // scheme with "://", then ".domain[:port]"
    private final boolean anyOrigin;

    public CrossOrigin(Cors cors) {
        this.cors = cors;
        this.anyOrigin = cors.allowOrigins().contains(ANY);
        for (String origin : cors.allowOrigins()) {
            int star = origin.indexOf("://*.");
            if (star < 0) {
                origins.add(origin);
            } else {
                wildcards.add(new String[] {origin.substring(0, star + 3), origin.substring(star + 4)});
            }
        }
    }

    /** Whether a browser asks with this request what another one may be like. */
    public static boolean isPreflight(RequestHead head) {
        return head.method().equals("OPTIONS") && head.find(ORIGIN, 0) >= 0 && head.find(REQUEST_METHOD, 0) >= 0;
    }

    /** The fields of the answer to a preflight request; they allow nothing where the origin is not allowed. */
    public List<Field> preflight(RequestHead head) {
        var fields = new ArrayList<Field>();
        fields.add(new Field("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"));
        String origin = allowed(head.first(ORIGIN));
        if (origin != null) {
            fields.add(new Field("Access-Control-Allow-Origin", origin));
            addCredentials(fields);
            add(fields, "Access-Control-Allow-Methods", cors.allowMethods(), null);
            add(fields, "Access-Control-Allow-Headers", cors.allowHeaders(), head.first(REQUEST_HEADERS));
            if (cors.maxAge() != null) {
                fields.add(new Field(
                        "Access-Control-Max-Age", Long.toString(cors.maxAge().toSeconds())));
            }
        }
        return fields;
    }

    /** The fields of an answer, with what they say of other origins replaced. */
    public List<Field> apply(List<Field> fields, RequestHead head) {
        var out = new ArrayList<Field>(fields.size() + 4);
        for (Field field : fields) {
            if (!field.name().toLowerCase(Locale.ROOT).startsWith("access-control-")) {
                out.add(field);
            }
        }
        if (!anyOrigin) {
            out.add(new Field("Vary", "Origin"));
        }
        String origin = allowed(head.first(ORIGIN));
        if (origin != null) {
            out.add(new Field("Access-Control-Allow-Origin", origin));
            addCredentials(out);
            add(out, "Access-Control-Expose-Headers", cors.exposeHeaders(), null);
        }
        return out;
    }

    /** What a request of that origin is told, or null. */
    private @Nullable String allowed(@Nullable String origin) {
        if (origin == null) {
            return null;
        }
        if (anyOrigin) {
            return ANY;
        }
        String lower = origin.toLowerCase(Locale.ROOT);
        boolean known = origins.contains(lower);
        for (String[] wildcard : wildcards) {
            known |= lower.startsWith(wildcard[0])
                    && lower.endsWith(wildcard[1])
                    && lower.length() > wildcard[0].length() + wildcard[1].length();
        }
        return known ? origin : null;
    }

    private void addCredentials(List<Field> fields) {
        if (cors.allowCredentials()) {
            fields.add(new Field("Access-Control-Allow-Credentials", "true"));
        }
    }

    /** A star does not count for a request with credentials: what it asks for stands for all there is. */
    private void add(List<Field> fields, String name, List<String> values, @Nullable String asked) {
        if (!values.isEmpty()) {
            String said = cors.allowCredentials() && values.contains(ANY) ? asked : null;
            fields.add(new Field(name, said == null ? String.join(", ", values) : said));
        }
    }
}
