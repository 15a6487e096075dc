package pt.sunbeam.detector.lexicon;

import java.util.Locale;

/** A family of attacks that the lexicon weighs by itself, so that a verdict can say why. The order is that of the tables. */
public enum Channel {
    /** SQL injection. */
    SQLI(0),
    /** Script set into a page. */
    XSS(1),
    /** Path traversal and inclusion of local or remote files. */
    TRAVERSAL(2),
    /** Commands for the operating system's shell. */
    COMMAND(3),
    /** Code or expressions for an interpreter: PHP, templates, expression languages, JNDI, serialised objects. */
    CODE(4),
    /** XML entities, LDAP, XPath, NoSQL, split headers, requests forged from the server, server-side includes. */
    OTHER(5);

    public static final int COUNT = values().length;

    private final int index;
    private final String word = name().toLowerCase(Locale.ROOT);

    Channel(int index) {
        this.index = index;
    }

    /** Its place in the order of the tables. */
    public int index() {
        return index;
    }

    /** The word for it in configurations, model files and audit lines: "sqli". */
    public String word() {
        return word;
    }

    /** Its bit in a set of channels. */
    public int bit() {
        return 1 << index;
    }
}
