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
    private static final int LONGEST = 80; // IPv6 with a zone of 16 characters has 72

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

    /** Takes a bare address, one with a port, and IPv6 in brackets, with a zone or without; anything else is null. */
    private static @Nullable IpAddress parse(String entry) {
        if (entry.length() > LONGEST) {
            return null;
        }
        boolean bracketed = entry.startsWith("[");
        int colon = entry.indexOf(':');
        boolean single = colon >= 0 && colon == entry.lastIndexOf(':'); // IPv6 without brackets has no port
        int end = bracketed ? entry.indexOf(']') : single ? colon : entry.length();
        if (end < 0 || !isPort(entry, bracketed ? end + 1 : end)) {
            return null;
        }
        try {
            return IpAddress.parse(entry.substring(bracketed ? 1 : 0, end));
        } catch (IllegalArgumentException notAnAddress) {
            return null;
        }
    }

    /** Whether nothing stands there, or a colon and the digits of a port. */
    private static boolean isPort(String entry, int at) {
        if (at == entry.length()) {
            return true;
        }
        int digits = entry.length() - at - 1;
        if (entry.charAt(at) != ':' || digits < 1 || digits > 5) {
            return false;
        }
        for (int i = at + 1; i < entry.length(); i++) {
            if (entry.charAt(i) < '0' || entry.charAt(i) > '9') {
                return false;
            }
        }
        return true;
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
