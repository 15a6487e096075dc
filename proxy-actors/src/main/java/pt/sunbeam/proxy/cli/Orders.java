package pt.sunbeam.proxy.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Orders as commands send and show them. */
final class Orders {
    private Orders() {}

    static String body(String address, @Nullable String time, @Nullable String note) {
        var body = JsonNodeFactory.instance.objectNode().put("address", address);
        if (time != null) {
            body.put("for", time);
        }
        if (note != null) {
            body.put("note", note);
        }
        return body.toString();
    }

    static void print(JsonNode order, PrintWriter out) {
        out.printf(
                "%-8s %-24s until %s  %s%n",
                order.path("order").asText(),
                order.path("address").asText(),
                order.path("until").asText(),
                order.path("note").asText());
    }
}
