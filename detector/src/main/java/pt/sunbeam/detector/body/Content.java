package pt.sunbeam.detector.body;

import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.canon.ValueVisitor;
import pt.sunbeam.detector.http.Ascii;

/**
 * Content of one type, a whole body's or a part's: undoes its charset, finds its grammar, by what it is said to be and by what it looks like, and reads
 * on as text where that grammar is broken.
 */
final class Content {
    /** Where content stands, and so how its recipients choose a way to read it. */
    enum Role {
        /** The whole body: by its type or, whatever its type, by its looks. */
        BODY,
        /** A part that is a file: by its type. */
        FILE,
        /** The same in a multipart part, which may as well be taken for a field: it is never left unread. */
        NESTED_FILE,
        /** A part that is a field: as text, for most do not look at its type. */
        FIELD
    }

    /** How deep multipart content nests. */
    private static final int DEEPEST = 3;

    /** How much is looked at before its grammar is chosen. */
    private static final int SNIFFED = 256;

    /** How much of what stands before a break in the grammar is read again with the text behind it. */
    private static final int CONTEXT = 256;

    private static final byte[] PDF = Ascii.pattern("%pdf-");

    private final ValueVisitor visitor;
    private final Findings findings;
    private final int depth;
    private final TextGrammar text;
    private final FormGrammar form;
    private final JsonGrammar json;
    private final XmlGrammar xml;
    private @Nullable MultipartGrammar multipart; // made when it is first needed, for it holds another Content
    private @Nullable Transcoder transcoder; // likewise

    private ContentType type = new ContentType();
    private Place textPlace = Place.TEXT;
    private Role role = Role.BODY;
    private final byte[] mark = new byte[4];
    private int markLength;
    private boolean charsetKnown;
    private boolean transcoding;
    private final byte[] head = new byte[SNIFFED];
    private int headLength;
    private boolean chosen;
    private boolean unread;
    private Grammar grammar;
    private final byte[] before = new byte[CONTEXT];
    private int beforeLength;

    /**
     * Memory for one content after the other.
     *
     * @param name of the value that it is where it has no structure
     * @param depth 0 for a body, 1 for a part of it, and so on
     */
    Content(ValueVisitor visitor, Findings findings, Name name, int depth) {
        this.visitor = visitor;
        this.findings = findings;
        this.depth = depth;
        text = new TextGrammar(visitor, name);
        form = new FormGrammar(visitor);
        json = new JsonGrammar(visitor, findings);
        xml = new XmlGrammar(visitor, findings);
        grammar = text;
    }

    /**
     * Begins content.
     *
     * @param ofType read until the content ends
     * @param place of the value that it is where it has no structure
     */
    void begin(ContentType ofType, Place place, Role inRole) {
        type = ofType;
        textPlace = place;
        role = inRole;
        markLength = 0;
        charsetKnown = false;
        transcoding = false;
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
        if (!charsetKnown) {
            at += Math.min(to - from, mark.length - markLength);
            System.arraycopy(bytes, from, mark, markLength, at - from);
            markLength += at - from;
            if (markLength == mark.length) {
                findCharset();
            }
        }
        if (at < to) {
            toTranscode(bytes, at, to);
        }
    }

    void end() {
        if (!charsetKnown) {
            findCharset();
        }
        if (transcoding && transcoder != null) {
            transcoder.end(this);
        }
        if (!chosen) {
            choose();
        }
        if (!unread && !grammar.end()) {
            findings.add(BodyAnomaly.MALFORMED);
        }
    }

    private void findCharset() {
        charsetKnown = true;
        Charset charset = charset();
        if (charset != null) {
            if (transcoder == null) {
                transcoder = new Transcoder();
            }
            transcoder.begin(charset);
            transcoding = true;
        }
        toTranscode(mark, 0, markLength);
    }

    /**
     * The charset to undo, or null for none.
     *
     * <p>By the looks of it only where its recipient has to do so too, for a form may well begin with a byte order mark and go on in ASCII. One that is
     * declared is an anomaly in any case: some recipients heed it, others do not.
     */
    private @Nullable Charset charset() {
        boolean byLooks = role != Role.FIELD
                && switch (type.kind()) {
                    case JSON, XML, OTHER -> true;
                    case FORM, MULTIPART, TEXT -> false;
                };
        Charset shown = byLooks ? Charsets.shownBy(mark, markLength) : null;
        if (shown != null) {
            return shown;
        }
        int length = type.charsetLength();
        if (length == 0 || Charsets.readsLikeAscii(type.charset(), length)) {
            return null;
        }
        findings.add(BodyAnomaly.CHARSET);
        return Charsets.isAscii(mark, markLength) ? null : Charsets.named(type.charset(), length);
    }

    private void toTranscode(byte[] bytes, int from, int to) {
        if (transcoding && transcoder != null && !unread) {
            transcoder.feed(bytes, from, to, this);
        } else {
            transcoded(bytes, from, to);
        }
    }

    /** Takes the content in a charset that reads like ASCII. */
    void transcoded(byte[] bytes, int from, int to) {
        int at = from;
        if (!chosen) {
            at += Math.min(to - from, SNIFFED - headLength);
            System.arraycopy(bytes, from, head, headLength, at - from);
            headLength += at - from;
            if (headLength == SNIFFED) {
                choose();
            }
        }
        if (unread) {
            findings.passOver(to - at);
        } else if (at < to) {
            read(bytes, at, to);
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
        boolean likeJson = role == Role.BODY && (b == '{' || b == '[');
        return switch (type.kind()) {
            case JSON -> beginJson(Place.JSON);
            case MULTIPART -> beginMultipart();
            case FORM -> role == Role.FIELD ? beginText() : likeJson ? beginJson(Place.FORM) : beginForm();
            case XML -> role == Role.FIELD ? beginText() : beginXml();
            case TEXT -> likeJson ? beginJson(Place.JSON) : beginText();
            case OTHER -> {
                unread = (role == Role.BODY || role == Role.FILE) && looksBinary(from);
                yield likeJson
                        ? beginJson(Place.JSON)
                        : role == Role.BODY && looksLikeForm(first) ? beginForm() : beginText();
            }
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

    private Grammar beginXml() {
        xml.begin(transcoding);
        return xml;
    }

    private Grammar beginMultipart() {
        if (type.boundaryLength() < 1 || depth == DEEPEST) {
            findings.add(depth == DEEPEST ? BodyAnomaly.NESTING : BodyAnomaly.BOUNDARY);
            return beginText();
        }
        if (multipart == null) {
            multipart = new MultipartGrammar(visitor, findings, depth);
        }
        multipart.begin(type);
        return multipart;
    }

    private Grammar beginText() {
        text.begin(textPlace);
        return text;
    }

    /** UTF-8's byte order mark. */
    private boolean startsWithMark() {
        return headLength >= 3 && head[0] == (byte) 0xef && head[1] == (byte) 0xbb && head[2] == (byte) 0xbf;
    }

    /** A control character shows it, and so does the mark of a PDF file, which may begin with a page of text. */
    private boolean looksBinary(int from) {
        if (Ascii.startsWith(head, from, headLength, PDF)) {
            return true;
        }
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
        } else if (grammar != text && grammar != multipart) {
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
