package pt.sunbeam.proxy.upstream;

import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;

/** The cookies of a request (RFC 6265 section 4.2). */
final class Cookies {
    private Cookies() {}

    /** The value of the first cookie of that name that is not empty, or null. */
    static @Nullable String find(RequestHead head, String name) {
        for (int field = head.find(HeaderName.COOKIE, 0); field >= 0; field = head.find(HeaderName.COOKIE, field + 1)) {
            String cookies = head.value(field);
            for (int from = 0; from < cookies.length(); ) {
                int semicolon = cookies.indexOf(';', from);
                int end = semicolon < 0 ? cookies.length() : semicolon;
                int start = from;
                while (start < end && cookies.charAt(start) == ' ') {
                    start++;
                }
                int value = start + name.length() + 1;
                if (value < end && cookies.startsWith(name, start) && cookies.charAt(value - 1) == '=') {
                    return cookies.substring(value, end).trim();
                }
                from = end + 1;
            }
        }
        return null;
    }
}
