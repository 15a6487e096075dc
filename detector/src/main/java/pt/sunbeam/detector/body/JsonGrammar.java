package pt.sunbeam.detector.body;

import java.nio.charset.StandardCharsets;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.canon.ValueVisitor;

/**
 * JSON (RFC 8259), one text or several one after the other: visits strings, each under the name of the member that it or its array is the value of.
 * Numbers and literals are checked and only told of, for no payload can be written with their characters.
 *
 * <p>Deeper than 64 levels, strings are visited without names, and how they are strung together is not checked any more.
 */
final class JsonGrammar extends Grammar {
    private static final int DEEPEST = 64;
    private static final int LONGEST_NUMBER = 32;
    private static final byte[][] WORDS = {word("true"), word("false"), word("null")};
    private static final boolean[] SPACE = set(" \t\r\n");
    private static final boolean[] NUMBER = set("0123456789+-.eE");
    private static final boolean[] FLAT = set(" \t\r\n{}[]:,0123456789+-.eEtruefalsn");

    private enum State {
        VALUE,
        VALUE_OR_END,
        NAME,
        NAME_OR_END,
        COLON,
        COMMA_OR_END,
        IN_STRING,
        IN_NAME,
        IN_NUMBER,
        IN_WORD,
        FLAT
    }

    private final ValueVisitor visitor;
    private final Findings findings;
    private final Name name;
    private Place place = Place.JSON;
    private State state = State.VALUE;
    private boolean escaped;
    private boolean flat;
    private int depth;
    private long objects; // bit i: what is open at depth i + 1 is an object
    private byte[] word = WORDS[0];
    private int matched;
    private final byte[] number = new byte[LONGEST_NUMBER];
    private int numberLength;

    JsonGrammar(ValueVisitor visitor, Findings findings) {
        this.visitor = visitor;
        this.findings = findings;
        name = new Name(visitor);
    }

    private static byte[] word(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean[] set(String characters) {
        var set = new boolean[256];
        for (int i = 0; i < characters.length(); i++) {
            set[characters.charAt(i)] = true;
        }
        return set;
    }

    void begin(Place valuesPlace) {
        place = valuesPlace;
        state = State.VALUE;
        escaped = false;
        flat = false;
        depth = 0;
        objects = 0;
        name.clear();
    }

    @Override
    int feed(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            byte b = bytes[at];
            switch (state) {
                case IN_STRING, IN_NAME -> {
                    int end = stringEnd(bytes, at, to);
                    inString(bytes, at, end);
                    at = end;
                    if (at < to) {
                        endString();
                        at++;
                    }
                }
                case IN_NUMBER -> {
                    int start = at;
                    while (at < to && NUMBER[bytes[at] & 0xff]) {
                        at++;
                    }
                    inNumber(bytes, start, at);
                    if (at < to) {
                        scalar(number, numberLength);
                        afterValue();
                    }
                }
                case IN_WORD -> {
                    if (b != word[matched]) {
                        return at;
                    }
                    at++;
                    if (++matched == word.length) {
                        scalar(word, word.length);
                        afterValue();
                    }
                }
                case FLAT -> {
                    while (at < to && FLAT[bytes[at] & 0xff]) {
                        at++;
                    }
                    if (at < to) {
                        if (bytes[at] != '"') {
                            return at;
                        }
                        beginString();
                        at++;
                    }
                }
                default -> {
                    if (!SPACE[b & 0xff] && !structure(b)) {
                        return at;
                    }
                    at++;
                }
            }
        }
        return to;
    }

    /** Where the string's closing quote stands, or {@code to}. */
    private int stringEnd(byte[] bytes, int from, int to) {
        int at = from;
        if (escaped) {
            escaped = false;
            at++;
        }
        while (at < to && bytes[at] != '"') {
            if (bytes[at] == '\\') {
                if (at + 1 == to) {
                    escaped = true;
                    return to;
                }
                at++;
            }
            at++;
        }
        return at;
    }

    private void inString(byte[] bytes, int from, int to) {
        if (state == State.IN_NAME) {
            name.add(place, bytes, from, to);
        } else if (from < to) {
            visitor.more(bytes, from, to);
        }
    }

    private void endString() {
        if (state == State.IN_NAME) {
            name.end(place);
            state = State.COLON;
        } else {
            visitor.end();
            afterValue();
        }
    }

    private void afterValue() {
        state = flat ? State.FLAT : depth == 0 ? State.VALUE : State.COMMA_OR_END;
    }

    /** Takes one byte outside of strings; false where it does not belong there. */
    private boolean structure(byte b) {
        return switch (state) {
            case VALUE -> value(b);
            case VALUE_OR_END -> b == ']' ? close(false) : value(b);
            case NAME -> b == '"' && nextName();
            case NAME_OR_END -> b == '}' ? close(true) : b == '"' && nextName();
            case COLON -> {
                state = State.VALUE;
                yield b == ':';
            }
            case COMMA_OR_END ->
                switch (b) {
                    case ',' -> {
                        state = inObject() ? State.NAME : State.VALUE;
                        yield true;
                    }
                    case '}' -> close(true);
                    case ']' -> close(false);
                    default -> false;
                };
            default -> throw new IllegalStateException(state.name());
        };
    }

    private boolean value(byte b) {
        switch (b) {
            case '"' -> beginString();
            case '{' -> open(true);
            case '[' -> open(false);
            case 't' -> beginWord(0);
            case 'f' -> beginWord(1);
            case 'n' -> beginWord(2);
            default -> {
                if (b != '-' && (b < '0' || b > '9')) {
                    return false;
                }
                number[0] = b;
                numberLength = 1;
                state = State.IN_NUMBER;
            }
        }
        return true;
    }

    private void inNumber(byte[] bytes, int from, int to) {
        int more = Math.min(to - from, LONGEST_NUMBER - numberLength);
        System.arraycopy(bytes, from, number, numberLength, more);
        numberLength += more;
    }

    private void scalar(byte[] bytes, int length) {
        visitor.scalar(place, name.bytes(), 0, name.length(), bytes, 0, length);
    }

    private void beginString() {
        name.beginValue(place);
        state = State.IN_STRING;
    }

    private void beginWord(int index) {
        word = WORDS[index];
        matched = 1;
        state = State.IN_WORD;
    }

    private boolean nextName() {
        name.clear();
        state = State.IN_NAME;
        return true;
    }

    private void open(boolean object) {
        if (depth == DEEPEST) {
            findings.add(BodyAnomaly.NESTING);
            flat = true;
            state = State.FLAT;
            name.clear();
            return;
        }
        long bit = 1L << depth++;
        objects = object ? objects | bit : objects & ~bit;
        state = object ? State.NAME_OR_END : State.VALUE_OR_END;
    }

    private boolean close(boolean object) {
        if (inObject() != object) {
            return false;
        }
        depth--;
        name.clear(); // what follows in an array around it is not the value of this name
        afterValue();
        return true;
    }

    private boolean inObject() {
        return (objects >>> (depth - 1) & 1) != 0;
    }

    @Override
    boolean end() {
        boolean complete = flat || (depth == 0 && (state == State.VALUE || state == State.IN_NUMBER));
        switch (state) {
            case IN_STRING -> {
                visitor.end();
                complete = false;
            }
            case IN_NAME -> name.end(place);
            case IN_NUMBER -> scalar(number, numberLength);
            default -> {}
        }
        state = State.VALUE;
        return complete;
    }
}
