package pt.sunbeam.trainer.read;

/** Why a record is not handed on: thrown to the loop over records, which counts it. */
final class SetAside extends Exception {
    private static final long serialVersionUID = 1;
    private static final int LONGEST_EXCERPT = 40;

    enum Kind {
        LEFT_OUT,
        FOREIGN,
        MALFORMED
    }

    private final Kind kind;

    private SetAside(Kind kind, String reason) {
        super(reason, null, false, false); // no stack trace: a file may have millions of them
        this.kind = kind;
    }

    static SetAside leftOut(String reason) {
        return new SetAside(Kind.LEFT_OUT, reason);
    }

    static SetAside foreign(String reason) {
        return new SetAside(Kind.FOREIGN, reason);
    }

    static SetAside malformed(String reason) {
        return new SetAside(Kind.MALFORMED, reason);
    }

    static SetAside malformed(String what, String found, String expected) {
        return malformed("%s: found %s (expected: %s)".formatted(what, found, expected));
    }

    Kind kind() {
        return kind;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    /** The beginning of what was found, in quotes and fit to print. */
    static String excerpt(String text) {
        var shown = new StringBuilder("\"");
        text.chars().limit(LONGEST_EXCERPT).forEach(c -> shown.append(c >= ' ' && c < 0x7f ? (char) c : '?'));
        return shown.append(text.length() > LONGEST_EXCERPT ? "...\"" : "\"").toString();
    }
}
