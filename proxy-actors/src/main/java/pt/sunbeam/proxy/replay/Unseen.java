package pt.sunbeam.proxy.replay;

/** What to make of the fields that an access log never has: Cookie, Accept-Language and Accept. */
public enum Unseen {
    /** They were not sent. */
    ABSENT,
    /** They were sent as a browser does. */
    BROWSER
}
