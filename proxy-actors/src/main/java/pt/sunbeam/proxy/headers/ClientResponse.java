package pt.sunbeam.proxy.headers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import pt.sunbeam.proxy.message.Body;
import pt.sunbeam.proxy.message.Field;
import pt.sunbeam.proxy.message.HopByHop;
import pt.sunbeam.proxy.message.Response;

/** The response that goes to the client: hop-by-hop fields dropped, {@code Via} and {@code X-Request-Id} written. */
public final class ClientResponse {
    private ClientResponse() {}

    /** An upstream's response on its way through. */
    public static Response forwarded(Response received, String requestId) {
        var connection = new ArrayList<String>(1);
        for (Field field : received.fields()) {
            if (field.is("connection")) {
                connection.add(field.value());
            }
        }
        var hopByHop = HopByHop.of(connection);
        boolean switched = received.body() instanceof Body.Tunnel; // then it has to say to what
        var fields = new ArrayList<Field>(received.fields().size() + 2);
        for (Field field : received.fields()) {
            String lower = field.name().toLowerCase(Locale.ROOT);
            boolean passes = !hopByHop.drops(lower) || (switched && lower.equals("upgrade"));
            if (passes && !lower.equals("x-request-id")) {
                fields.add(field);
            }
        }
        fields.add(new Field("Via", "1.1 sunbeam"));
        fields.add(new Field("X-Request-Id", requestId));
        return new Response(received.status(), fields, received.body());
    }

    /** A response of the proxy's own. */
    public static Response local(Response own, String requestId) {
        var fields = new ArrayList<>(own.fields());
        fields.add(new Field("X-Request-Id", requestId));
        return new Response(own.status(), List.copyOf(fields), own.body());
    }
}
