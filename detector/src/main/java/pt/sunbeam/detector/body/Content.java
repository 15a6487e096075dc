package pt.sunbeam.detector.body;

import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.canon.ValueVisitor;

/**
 * Content of one type, a whole body's or a part's: finds its grammar, by what it is said to be and by what it looks like, and reads the rest as
 * text where that grammar is broken.
 */
final class Content {
    /** How much is looked at where the type does not tell whether it is text. */
    private static final int SNIFFED = 256;

    /** How much of what stands before a break in the grammar is read again with the text behind it. */
    private static final int CONTEXT = 256;

    private final Findings findings;
    private final TextGrammar text;
    private final FormGrammar form;
    private final JsonGrammar json;

    private ContentType.Kind kind = ContentType.Kind.OTHER;
    private Place textPlace = Place.TEXT;
    private boolean binaryPasses;
    private final byte[] head = new byte[SNIFFED];
    private int headLength;
    private boolean chosen;
    private boolean unread;
    private Grammar grammar;
    private final byte[] before = new byte[CONTEXT];
    private int beforeLength;

    /** @param name of the value that it is where it has no structure */
    Content(ValueVisitor visitor, Findings findings, Name name) {
        this.findings = findings;
        text = new TextGrammar(visitor, name);
        form = new FormGrammar(visitor);
        json = new JsonGrammar(visitor, findings);
        grammar = text;
    }

    /**
     * Begins content.
     *
     * @param place of values that stand in no other one by the grammar
     * @param mayBeBinary whether content that looks binary is left unread, unless its type says that it is text
     */
    void begin(ContentType type, Place place, boolean mayBeBinary) {
        kind = type.kind();
        textPlace = place;
        binaryPasses = mayBeBinary && kind == ContentType.Kind.OTHER;
        headLength = 0;
        chosen = false;
        unread = false;
        beforeLength = 0;
        if (type.isMalformed()) {
            findings.add(BodyAnomaly.TYPE);
        }
    }

    /** False once it is known that nothing of the rest will be looked at. */
    boolean isRead() {
        return !unread;
    }

    void feed(byte[] bytes, int from, int to) {
        int at = from;
        if (!chosen) {
            at += Math.min(to - from, SNIFFED - headLength);
            System.arraycopy(bytes, from, head, headLength, at - from);
            headLength += at - from;
            if (headLength == SNIFFED) {
                choose();
            }
        }
        if (at < to && !unread) {
            read(bytes, at, to);
        }
    }

    void end() {
        if (!chosen) {
            choose();
        }
        if (!unread && !grammar.end()) {
            findings.add(BodyAnomaly.MALFORMED);
        }
    }

    private void choose() {
        chosen = true;
        int from = startsWithMark() ? 3 : 0;
        grammar = choose(from);
        if (!unread && from < headLength) {
            read(head, from, headLength);
        }
    }

    private Grammar choose(int from) {
        int first = from;
        while (first < headLength && (head[first] == ' ' || (head[first] >= '\t' && head[first] <= '\r'))) {
            first++;
        }
        byte b = first < headLength ? head[first] : 0;
        boolean looksLikeJson = b == '{' || b == '[';
        return switch (kind) {
            case FORM -> looksLikeJson ? beginJson(Place.FORM) : beginForm();
            case JSON -> beginJson(Place.JSON);
            case TEXT -> looksLikeJson ? beginJson(Place.JSON) : beginText();
            case OTHER -> {
                unread = binaryPasses && looksBinary(from);
                yield looksLikeJson ? beginJson(Place.JSON) : looksLikeForm(first) ? beginForm() : beginText();
            }
            case XML, MULTIPART -> beginText();
        };
    }

    private Grammar beginForm() {
        form.begin();
        return form;
    }

    private Grammar beginJson(Place place) {
        json.begin(place);
        return json;
    }

    private Grammar beginText() {
        text.begin(textPlace);
        return text;
    }

    /** UTF-8's byte order mark. */
    private boolean startsWithMark() {
        return headLength >= 3 && head[0] == (byte) 0xef && head[1] == (byte) 0xbb && head[2] == (byte) 0xbf;
    }

    private boolean looksBinary(int from) {
        for (int i = from; i < headLength; i++) {
            byte b = head[i];
            if (b >= 0 && b < ' ' && !(b >= '\t' && b <= '\r')) {
                return true;
            }
        }
        return false;
    }

    /** A name and "=". */
    private boolean looksLikeForm(int from) {
        int i = from;
        while (i < headLength && isNameOfForm(head[i])) {
            i++;
        }
        return i > from && i < headLength && head[i] == '=';
    }

    private static boolean isNameOfForm(byte b) {
        return b > ' ' && "\"'<>&=(){};:,/\\".indexOf(b) < 0;
    }

    private void read(byte[] bytes, int from, int to) {
        int fitting = grammar.feed(bytes, from, to);
        if (fitting < to) {
            grammar.end();
            findings.add(BodyAnomaly.MALFORMED);
            grammar = beginText();
            int here = Math.min(fitting - from, CONTEXT);
            int earlier = Math.min(beforeLength, CONTEXT - here);
            text.feed(before, beforeLength - earlier, beforeLength);
            text.feed(bytes, fitting - here, to);
        } else if (grammar != text) {
            remember(bytes, from, to);
        }
    }

    private void remember(byte[] bytes, int from, int to) {
        int more = Math.min(to - from, CONTEXT);
        int kept = Math.min(beforeLength, CONTEXT - more);
        System.arraycopy(before, beforeLength - kept, before, 0, kept);
        System.arraycopy(bytes, to - more, before, kept, more);
        beforeLength = kept + more;
    }
}
