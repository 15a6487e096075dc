package pt.sunbeam.detector.canon;

import java.util.Locale;

/** Where in a request a value stands. */
public enum Place {
    /** The path of the target, whole. */
    PATH,
    /** A name or a value of the query. */
    QUERY,
    /** A name or a value of a body in application/x-www-form-urlencoded. */
    FORM,
    /** A member's name or a leaf of a body in JSON. */
    JSON,
    /** Text, an attribute's value or a declaration of a body in XML. */
    XML,
    /** A part's name, its file name or its text in a body in multipart/form-data. */
    MULTIPART,
    /** A body in another type of text. */
    TEXT,
    /** The name or the value of a cookie. */
    COOKIE,
    /** The value of another header field. */
    HEADER;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The word for it in configurations and audit lines: "query". */
    public String word() {
        return word;
    }
}
