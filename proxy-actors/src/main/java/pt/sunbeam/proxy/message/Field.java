package pt.sunbeam.proxy.message;

/** A header field of a response: name and value as they stand on the wire (RFC 9110 section 5). */
public record Field(String name, String value) {
    public boolean is(String otherName) {
        return name.equalsIgnoreCase(otherName);
    }
}
