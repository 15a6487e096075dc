package pt.sunbeam.detector.body;

import java.nio.charset.StandardCharsets;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.canon.ValueVisitor;
import pt.sunbeam.detector.http.Ascii;

/**
 * XML 1.0: visits text and CDATA sections under the name of their element, attributes' values under their own, and comments, processing instructions
 * and declarations whole. Entities are left as they are; a document type with all that it declares is one value.
 *
 * <p>What runs as a script wherever it is shown is visited with the markup that makes it so: {@code onload=...} and the tag {@code <script}.
 */
final class XmlGrammar extends Grammar {
    private static final int DEEPEST = 64;
    private static final byte[] INSTRUCTION = text("<?");
    private static final byte[] DECLARATION = text("<!");
    private static final byte[] SCRIPT_TAG = text("<script");
    private static final byte[] CDATA = text("[CDATA[");
    private static final byte[] REPEATED = text("--]]??"); // what an end begins with, as often as it may be held back
    private static final byte[] EQUALS = text("=");
    private static final byte[] XML = text("xml");
    private static final byte[] SCRIPT = text("script");
    private static final byte[] ENCODING = text("encoding");
    private static final byte[] ON = text("on");
    private static final boolean[] NAME = new boolean[256];

    static {
        for (int c = 0; c < 256; c++) {
            NAME[c] = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "_-.:".indexOf(c) >= 0
                    || c >= 0x80;
        }
    }

    private enum State {
        TEXT,
        MARKUP, // behind "<"
        TAG_NAME,
        IN_TAG,
        TAG_END, // behind "/" or, in the XML declaration, "?"
        ATTRIBUTE_NAME,
        ATTRIBUTE_EQUALS,
        ATTRIBUTE_QUOTE,
        ATTRIBUTE_VALUE,
        END_TAG,
        INSTRUCTION_NAME,
        SPECIAL, // behind "<!"
        COMMENT_START,
        CDATA_START,
        UNTIL_END, // comment, CDATA section or processing instruction
        IN_DECLARATION
    }

    private final ValueVisitor visitor;
    private final Findings findings;
    private final Name element;
    private final Name attribute;
    private State state = State.TEXT;
    private boolean open;
    private boolean inXmlDeclaration;
    private int depth;
    private byte quote; // 0 where none is open
    private int matched;
    private int brackets;
    private int angles;

    /** What UNTIL_END waits for: so many of a byte, then ">". */
    private byte endByte;

    private int endCount;
    private int held;

    private final byte[] one = new byte[1];
    private final byte[] encoding = new byte[ContentType.LONGEST_CHARSET];
    private int encodingLength;
    private boolean inEncoding;
    private boolean transcoded;

    XmlGrammar(ValueVisitor visitor, Findings findings) {
        this.visitor = visitor;
        this.findings = findings;
        element = new Name(visitor);
        attribute = new Name(visitor);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** @param isTranscoded whether the bytes are UTF-8 whatever the document says of its encoding */
    void begin(boolean isTranscoded) {
        state = State.TEXT;
        open = false;
        depth = 0;
        transcoded = isTranscoded;
        element.clear();
        attribute.clear();
    }

    @Override
    int feed(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int next = switch (state) {
                case TEXT -> text(bytes, at, to);
                case ATTRIBUTE_VALUE -> attributeValue(bytes, at, to);
                case TAG_NAME -> name(element, bytes, at, to);
                case ATTRIBUTE_NAME, INSTRUCTION_NAME -> name(attribute, bytes, at, to);
                case END_TAG -> endTag(bytes, at, to);
                case UNTIL_END -> untilEnd(bytes, at, to);
                case IN_DECLARATION -> inDeclaration(bytes, at, to);
                case MARKUP, IN_TAG, TAG_END, ATTRIBUTE_EQUALS, ATTRIBUTE_QUOTE, SPECIAL, COMMENT_START, CDATA_START ->
                    markup(bytes[at]) ? at + 1 : -1;
            };
            if (next < 0) {
                return at;
            }
            at = next;
        }
        return to;
    }

    private int text(byte[] bytes, int from, int to) {
        int at = from;
        if (!open) {
            while (at < to && isSpace(bytes[at])) {
                at++;
            }
        }
        int run = at;
        while (run < to && bytes[run] != '<') {
            run++;
        }
        if (run > at) {
            if (!open) {
                element.beginValue(Place.XML);
                open = true;
            }
            visitor.more(bytes, at, run);
        }
        if (run == to) {
            return to;
        }
        endValue();
        state = State.MARKUP;
        return run + 1;
    }

    private void endValue() {
        if (open) {
            visitor.end();
            open = false;
        }
    }

    private int attributeValue(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != quote) {
            at++;
        }
        if (at > from) {
            visitor.more(bytes, from, at);
            if (inEncoding) {
                int more = Math.min(at - from, encoding.length - encodingLength);
                System.arraycopy(bytes, from, encoding, encodingLength, more);
                encodingLength += more;
            }
        }
        if (at == to) {
            return to;
        }
        endValue();
        if (inEncoding) {
            inEncoding = false;
            if (!transcoded && !Charsets.readsLikeAscii(encoding, encodingLength)) {
                findings.add(BodyAnomaly.CHARSET);
            }
        }
        state = State.IN_TAG;
        return at + 1;
    }

    /** Names consist of name characters alone, so they need no visit; what follows decides. */
    private int name(Name name, byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && NAME[bytes[at] & 0xff]) {
            at++;
        }
        name.keep(bytes, from, at);
        if (at < to) {
            switch (state) {
                case TAG_NAME -> {
                    if (Ascii.equals(name.bytes(), localName(name), name.length(), SCRIPT)) {
                        visitor.begin(Place.XML, one, 0, 0);
                        visitor.more(SCRIPT_TAG, 0, SCRIPT_TAG.length);
                        visitor.end();
                    }
                    inXmlDeclaration = false;
                    state = State.IN_TAG;
                }
                case INSTRUCTION_NAME -> {
                    inXmlDeclaration = Ascii.equals(name.bytes(), 0, name.length(), XML);
                    if (inXmlDeclaration) {
                        state = State.IN_TAG;
                    } else {
                        visitor.begin(Place.XML, name.bytes(), 0, 0);
                        visitor.more(INSTRUCTION, 0, INSTRUCTION.length);
                        if (name.length() > 0) {
                            visitor.more(name.bytes(), 0, name.length());
                        }
                        untilEnd('?', 1);
                    }
                }
                default -> state = State.ATTRIBUTE_EQUALS;
            }
        }
        return at;
    }

    private static int localName(Name name) {
        int from = name.length();
        while (from > 0 && name.bytes()[from - 1] != ':') {
            from--;
        }
        return from;
    }

    private int endTag(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && (NAME[bytes[at] & 0xff] || isSpace(bytes[at]))) {
            at++;
        }
        if (at == to) {
            return to;
        }
        if (bytes[at] != '>') {
            return at > from ? at : -1;
        }
        depth = Math.max(0, depth - 1);
        element.clear(); // what follows is text of the element around it, whose name is not kept
        state = State.TEXT;
        return at + 1;
    }

    /** Takes one byte of markup; false where it does not belong there. */
    private boolean markup(byte b) {
        switch (state) {
            case MARKUP -> {
                switch (b) {
                    case '/' -> state = State.END_TAG;
                    case '?' -> {
                        attribute.clear();
                        state = State.INSTRUCTION_NAME;
                    }
                    case '!' -> state = State.SPECIAL;
                    default -> {
                        if (!NAME[b & 0xff]) {
                            return false;
                        }
                        element.clear();
                        keepOne(element, b);
                        state = State.TAG_NAME;
                    }
                }
            }
            case IN_TAG -> {
                if (b == '>' && !inXmlDeclaration) {
                    if (++depth > DEEPEST) {
                        findings.add(BodyAnomaly.NESTING);
                    }
                    state = State.TEXT;
                } else if (b == (inXmlDeclaration ? '?' : '/')) {
                    state = State.TAG_END;
                } else if (NAME[b & 0xff]) {
                    attribute.clear();
                    keepOne(attribute, b);
                    state = State.ATTRIBUTE_NAME;
                } else {
                    return isSpace(b);
                }
            }
            case TAG_END -> {
                element.clear();
                state = State.TEXT;
                return b == '>';
            }
            case ATTRIBUTE_EQUALS -> {
                if (b != '=') {
                    return isSpace(b);
                }
                state = State.ATTRIBUTE_QUOTE;
            }
            case ATTRIBUTE_QUOTE -> {
                if (b != '"' && b != '\'') {
                    return isSpace(b);
                }
                beginAttribute(b);
            }
            case SPECIAL -> {
                switch (b) {
                    case '-' -> state = State.COMMENT_START;
                    case '[' -> {
                        matched = 1;
                        state = State.CDATA_START;
                    }
                    default -> {
                        if (!NAME[b & 0xff]) {
                            return false;
                        }
                        beginDeclaration(b);
                    }
                }
            }
            case COMMENT_START -> {
                if (b != '-') {
                    return false;
                }
                visitor.begin(Place.XML, one, 0, 0);
                untilEnd('-', 2);
            }
            case CDATA_START -> {
                if (b != CDATA[matched]) {
                    return false;
                }
                if (++matched == CDATA.length) {
                    element.beginValue(Place.XML);
                    untilEnd(']', 2);
                }
            }
            default -> throw new IllegalStateException(state.name());
        }
        return true;
    }

    private void keepOne(Name name, byte b) {
        one[0] = b;
        name.keep(one, 0, 1);
    }

    private void beginAttribute(byte openingQuote) {
        quote = openingQuote;
        attribute.beginValue(Place.XML);
        open = true;
        if (Ascii.startsWith(attribute.bytes(), 0, attribute.length(), ON)) {
            visitor.more(attribute.bytes(), 0, attribute.length());
            visitor.more(EQUALS, 0, 1);
        }
        inEncoding = inXmlDeclaration && Ascii.equals(attribute.bytes(), 0, attribute.length(), ENCODING);
        encodingLength = 0;
        state = State.ATTRIBUTE_VALUE;
    }

    private void beginDeclaration(byte first) {
        visitor.begin(Place.XML, one, 0, 0);
        visitor.more(DECLARATION, 0, DECLARATION.length);
        one[0] = first;
        visitor.more(one, 0, 1);
        open = true;
        quote = 0;
        brackets = 0;
        angles = 0;
        state = State.IN_DECLARATION;
    }

    /** The value that has begun ends before so many of a byte and ">". */
    private void untilEnd(char repeated, int count) {
        endByte = (byte) repeated;
        endCount = count;
        held = 0;
        open = true;
        state = State.UNTIL_END;
    }

    private int untilEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            byte b = bytes[at];
            if (b == endByte) {
                if (held == endCount) {
                    visitor.more(bytes, at, at + 1); // one that was held, for this one takes its place
                } else {
                    held++;
                }
                at++;
            } else if (b == '>' && held == endCount) {
                endValue();
                state = State.TEXT;
                return at + 1;
            } else {
                flushHeld();
                int run = at;
                while (run < to && bytes[run] != endByte) {
                    run++;
                }
                visitor.more(bytes, at, run);
                at = run;
            }
        }
        return to;
    }

    private void flushHeld() {
        if (held > 0) {
            int from = endByte == '-' ? 0 : endByte == ']' ? 2 : 4;
            visitor.more(REPEATED, from, from + held);
            held = 0;
        }
    }

    /** Up to its ">", which does not stand in quotes, in brackets, or in another declaration. */
    private int inDeclaration(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            byte b = bytes[at++];
            if (quote != 0) {
                quote = b == quote ? 0 : quote;
            } else if (b == '"' || b == '\'') {
                quote = b;
            } else if (b == '[') {
                brackets++;
            } else if (b == ']') {
                brackets = Math.max(0, brackets - 1);
            } else if (b == '<') {
                angles++;
            } else if (b == '>') {
                if (angles == 0 && brackets == 0) {
                    visitor.more(bytes, from, at);
                    endValue();
                    state = State.TEXT;
                    return at;
                }
                angles = Math.max(0, angles - 1);
            }
        }
        visitor.more(bytes, from, to);
        return to;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    @Override
    boolean end() {
        boolean complete = state == State.TEXT && depth == 0;
        if (state == State.UNTIL_END) {
            flushHeld();
        }
        endValue();
        state = State.TEXT;
        return complete;
    }
}
