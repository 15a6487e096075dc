package pt.sunbeam.proxy.route;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.Action.Forward;
import pt.sunbeam.config.Action.Redirect;
import pt.sunbeam.config.Action.Respond;
import pt.sunbeam.config.Action.Share;
import pt.sunbeam.config.Handling;
import pt.sunbeam.config.PathRoute;
import pt.sunbeam.config.PathRoute.Exact;
import pt.sunbeam.config.PathRoute.Prefix;
import pt.sunbeam.config.PathRoute.Regex;
import pt.sunbeam.config.PathRoute.Rewrite;
import pt.sunbeam.config.PathRoute.Where;
import pt.sunbeam.config.Pool;
import pt.sunbeam.config.Route;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.headers.CrossOrigin;
import pt.sunbeam.proxy.headers.FieldRules;
import pt.sunbeam.proxy.message.Body;
import pt.sunbeam.proxy.message.Field;
import pt.sunbeam.proxy.message.Response;

/** What is done with the requests of a route or of one of its paths. Immutable. */
public final class Rule {
    private final String name;
    private final Handling handling;
    private final List<String> methods;
    private final Condition[] conditions;
    private final String prefix;
    private final @Nullable String exact;
    private final @Nullable Pattern regex;
    private final Rewrite rewrite;
    private final FieldRules requestFields;
    private final FieldRules responseFields;
    private final @Nullable CrossOrigin crossOrigin;
    private final @Nullable Response fixed;
    private final int weights;

    private Rule(
            String name,
            Handling handling,
            List<String> methods,
            Condition[] conditions,
            Where where,
            Rewrite rewrite) {
        this.name = name;
        this.handling = handling;
        this.methods = methods;
        this.conditions = conditions;
        this.prefix = where instanceof Prefix(var path) ? NormalPath.of(path) : "";
        this.exact = where instanceof Exact(var path) ? NormalPath.of(path) : null;
        this.regex = where instanceof Regex(var pattern) ? Pattern.compile(pattern) : null;
        this.rewrite = rewrite;
        this.requestFields = new FieldRules(handling.requestHeaders(), handling.hostname());
        this.responseFields = new FieldRules(handling.responseHeaders(), null);
        this.fixed = handling.action() instanceof Respond respond ? fixed(respond) : null;
        this.crossOrigin = handling.cors() == null ? null : new CrossOrigin(handling.cors());
        this.weights = handling.action() instanceof Forward(var shares)
                ? shares.stream().mapToInt(Share::weight).sum()
                : 0;
    }

    private static Response fixed(Respond respond) {
        return respond.body().isEmpty()
                ? new Response(respond.status(), List.of(), Body.Whole.EMPTY)
                : new Response(
                        respond.status(),
                        List.of(new Field("Content-Type", respond.contentType())),
                        new Body.Whole(ByteString.fromString(respond.body())));
    }

    static Rule of(Route route) {
        return new Rule(
                route.hostPrefix(), route.handling(), List.of(), new Condition[0], new Prefix(""), Rewrite.NONE);
    }

    static Rule of(Route route, PathRoute path) {
        var conditions = Stream.concat(
                path.headers().stream().<Condition>map(Condition.Field::of),
                path.parameters().stream().map(Condition.Parameter::of));
        return new Rule(
                route.hostPrefix() + path.name(),
                path.handling(),
                path.methods(),
                conditions.toArray(Condition[]::new),
                path.where(),
                path.rewrite());
    }

    /** A name for logs: the configured {@code host_prefix}, and the path behind it where one matched. */
    public String name() {
        return name;
    }

    public Handling handling() {
        return handling;
    }

    /** One of the pools, by chance in proportion to their weights. */
    public Pool pool(Forward forward, RandomGenerator random) {
        var shares = forward.shares();
        if (shares.size() == 1) {
            return shares.getFirst().pool();
        }
        int left = random.nextInt(weights);
        int at = 0;
        while (left >= shares.get(at).weight()) {
            left -= shares.get(at++).weight();
        }
        return shares.get(at).pool();
    }

    /** How the request's fields change on their way to the backend. */
    public FieldRules requestFields() {
        return requestFields;
    }

    /** What stands in the configuration as the answer, or null. */
    public @Nullable Response fixed() {
        return fixed;
    }

    /** Whether {@link #answer} changes anything. */
    public boolean changesAnswers() {
        return crossOrigin != null || !responseFields.areNone();
    }

    /** The answer as this rule's clients get it. */
    public Response answer(Response response, RequestHead head, FieldRules.Variables variables) {
        List<Field> fields = responseFields.apply(response.fields(), variables);
        return new Response(
                response.status(), crossOrigin == null ? fields : crossOrigin.apply(fields, head), response.body());
    }

    /** The answer to a browser's preflight request; null where this is none, or where the backend answers it. */
    public @Nullable List<Field> preflight(RequestHead head) {
        return crossOrigin != null && CrossOrigin.isPreflight(head) ? crossOrigin.preflight(head) : null;
    }

    @Nullable
    Pattern regex() {
        return regex;
    }

    /** Whether method, fields and parameters are as asked for; the path is its finder's business. */
    boolean takes(RequestHead head) {
        if (!methods.isEmpty() && !methods.contains(head.method())) {
            return false;
        }
        for (Condition condition : conditions) {
            if (!condition.holds(head)) {
                return false;
            }
        }
        return true;
    }

    /** The path that goes to the backend, for a path that this rule takes: as it came, where it is one of the rule's as it came, else from its normal form. */
    public String upstreamPath(String received) {
        String path = path(received);
        String rest =
                rewrite.full() != null ? filled(rewrite.full(), path) : rewrite.stripPrefix() ? stripped(path) : path;
        String before = rewrite.prefix();
        return before == null ? rest : joined(before, rest);
    }

    /** The path that a redirect leads to. */
    public String redirectPath(Redirect redirect, String received) {
        String path = path(received);
        if (redirect.path() != null) {
            return filled(redirect.path(), path);
        }
        if (redirect.pathPrefix() == null) {
            return path;
        }
        return path.length() == prefix.length() ? redirect.pathPrefix() : joined(redirect.pathPrefix(), stripped(path));
    }

    private String path(String received) {
        String normal = NormalPath.of(received);
        return normal.equals(received) || isWithin(received) ? received : normal;
    }

    private boolean isWithin(String path) {
        if (exact != null) {
            return path.equals(exact);
        }
        if (regex != null) {
            return regex.matcher(path).find();
        }
        return path.startsWith(prefix)
                && (path.length() == prefix.length()
                        || prefix.isEmpty()
                        || prefix.endsWith("/")
                        || path.charAt(prefix.length()) == '/');
    }

    private String stripped(String path) {
        String rest = path.substring(prefix.length());
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    /** Without a second slash between them. */
    private static String joined(String before, String rest) {
        String front = before.endsWith("/") ? before.substring(0, before.length() - 1) : before;
        return front + rest;
    }

    /** With {@code $1} to {@code $9} replaced by what the groups of the regex matched. */
    private String filled(String template, String path) {
        if (regex == null || template.indexOf('$') < 0) {
            return template;
        }
        var matcher = regex.matcher(path);
        if (!matcher.find()) {
            return template;
        }
        var out = new StringBuilder(template.length() + path.length());
        int at = 0;
        for (int dollar; (dollar = template.indexOf('$', at)) >= 0; ) {
            int group = dollar + 1 < template.length() ? template.charAt(dollar + 1) - '0' : -1;
            boolean names = group >= 1 && group <= 9;
            out.append(template, at, names ? dollar : dollar + 1);
            String matched = names && group <= matcher.groupCount() ? matcher.group(group) : null;
            out.append(matched == null ? "" : matched);
            at = names ? dollar + 2 : dollar + 1;
        }
        out.append(template, at, template.length());
        return out.toString();
    }
}
