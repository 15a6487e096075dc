package pt.sunbeam.proxy.headers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.proxy.message.Field;
import pt.sunbeam.proxy.message.Response;

/**
 * A request's wish to go on in another protocol on the same connection (RFC 9110 section 7.8).
 *
 * <p>It may be passed over, as it always is where it is not well said: then the request is one like any other. HTTP/2 and TLS are protocols of one connection,
 * between a client and this proxy, and are never passed on: an upstream that took them would read requests that nobody here has seen.
 */
public final class Upgrade {
    private static final String WEBSOCKET = "websocket";
    private static final Pattern PROTOCOL =
            Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}(/[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64})?");

    private final List<String> protocols;

    private Upgrade(List<String> protocols) {
        this.protocols = protocols;
    }

    /**
     * What the request asks for; null where it asks for nothing that can be passed on. One that brings content can switch only behind it, which is not
     * supported; a request for WebSocket is a GET (RFC 6455 section 4.1).
     */
    public static @Nullable Upgrade of(RequestHead head, boolean bringsContent) {
        if (bringsContent || !head.version().equals("HTTP/1.1")) {
            return null;
        }
        var options = items(head, HeaderName.CONNECTION);
        if (!contains(options, "upgrade") || contains(options, "close")) {
            return null;
        }
        var protocols = items(head, HeaderName.UPGRADE);
        protocols.removeIf(protocol -> !PROTOCOL.matcher(protocol).matches() || endsHere(protocol));
        if (!head.method().equals("GET")) {
            protocols.removeIf(WEBSOCKET::equalsIgnoreCase);
        }
        return protocols.isEmpty() ? null : new Upgrade(List.copyOf(protocols));
    }

    private static boolean endsHere(String protocol) {
        String name = protocol.toLowerCase(Locale.ROOT);
        return name.equals("h2c") || name.equals("h2") || name.startsWith("http/") || name.startsWith("tls/");
    }

    /** The members of a list field that may come in several lines (RFC 9110 section 5.6.1). */
    private static List<String> items(RequestHead head, HeaderName name) {
        var items = new ArrayList<String>(2);
        for (int at = head.find(name, 0); at >= 0; at = head.find(name, at + 1)) {
            addItems(head.value(at), items);
        }
        return items;
    }

    private static void addItems(String value, List<String> items) {
        for (String item : value.split(",", -1)) {
            if (!item.isBlank()) {
                items.add(item.strip());
            }
        }
    }

    /** As a value of the field Upgrade. */
    String protocols() {
        return String.join(", ", protocols);
    }

    /** Whether a 101 response names nothing that was not asked for. */
    public boolean wasAskedFor(Response switched) {
        var named = named(switched);
        return !named.isEmpty() && named.stream().allMatch(protocol -> contains(protocols, protocol));
    }

    /** Whether a 101 response switches to WebSocket, whose frames can be told apart. */
    public static boolean isWebSocket(Response switched) {
        var named = named(switched);
        return named.size() == 1 && named.getFirst().equalsIgnoreCase(WEBSOCKET);
    }

    private static List<String> named(Response switched) {
        var named = new ArrayList<String>(1);
        for (Field field : switched.fields()) {
            if (field.is("upgrade")) {
                addItems(field.value(), named);
            }
        }
        return named;
    }

    private static boolean contains(List<String> items, String word) {
        return items.stream().anyMatch(word::equalsIgnoreCase);
    }
}
