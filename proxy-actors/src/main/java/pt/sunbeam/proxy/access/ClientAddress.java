package pt.sunbeam.proxy.access;

import java.util.List;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.Cidr;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.IpAddress;
import pt.sunbeam.detector.http.RequestHead;

/**
 * Who the client is: the rightmost address of {@code X-Forwarded-For} that is not a trusted proxy's, and only where the peer is one.
 *
 * <p>The leftmost address is whatever the client wrote, so it is never believed.
 */
public final class ClientAddress {
    private static final HeaderName X_FORWARDED_FOR = HeaderName.of("x-forwarded-for");

    private final List<Cidr> trusted;

    public ClientAddress(List<Cidr> trusted) {
        this.trusted = List.copyOf(trusted);
    }

    public boolean trusts(IpAddress peer) {
        return Cidr.anyContains(trusted, peer);
    }

    /** An entry that is no address ends the walk: what stands left of it cannot be vouched for. */
    public IpAddress of(IpAddress peer, RequestHead head) {
        if (trusted.isEmpty() || !trusts(peer)) {
            return peer;
        }
        IpAddress nearest = peer;
        for (int field = last(head); field >= 0; field = previous(head, field)) {
            String value = head.value(field);
            for (int end = value.length(); end >= 0; ) {
                int comma = value.lastIndexOf(',', end - 1);
                IpAddress hop = parse(value.substring(comma + 1, end).trim());
                if (hop == null) {
                    return nearest;
                }
                if (!trusts(hop)) {
                    return hop;
                }
                nearest = hop;
                end = comma;
            }
        }
        return nearest;
    }

    /** Takes a bare address, one with a port, and IPv6 in brackets; anything else is null. */
    private static @Nullable IpAddress parse(String entry) {
        String literal = entry;
        if (entry.startsWith("[")) {
            int close = entry.indexOf(']');
            literal = close < 0 ? "" : entry.substring(1, close);
        } else if (entry.indexOf(':') == entry.lastIndexOf(':') && entry.indexOf(':') > 0) {
            literal = entry.substring(0, entry.indexOf(':'));
        }
        try {
            return IpAddress.parse(literal);
        } catch (IllegalArgumentException notAnAddress) {
            return null;
        }
    }

    private static int last(RequestHead head) {
        return previous(head, head.fieldCount());
    }

    private static int previous(RequestHead head, int before) {
        int found = -1;
        for (int at = head.find(X_FORWARDED_FOR, 0); at >= 0 && at < before; at = head.find(X_FORWARDED_FOR, at + 1)) {
            found = at;
        }
        return found;
    }
}
