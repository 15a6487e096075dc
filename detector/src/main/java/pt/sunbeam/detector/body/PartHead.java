package pt.sunbeam.detector.body;

import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.canon.ValueVisitor;
import pt.sunbeam.detector.http.Ascii;

/**
 * The header section of a part: its name, whether it is a file, its type. Visits the name where it could hold more than a name, each further name,
 * each file name, and each line that is more than a plain one.
 *
 * <p>A part is taken for a file by what all servers agree on: a {@code filename} that is not empty, or no name at all.
 */
final class PartHead {
    enum State {
        READING,
        /** The empty line was read. */
        COMPLETE,
        /** A line is a boundary. */
        BROKEN_BY_BOUNDARY
    }

    private static final int LONGEST_LINE = 1024;
    private static final byte[] DISPOSITION = Ascii.pattern("content-disposition");
    private static final byte[] TYPE = Ascii.pattern("content-type");
    private static final byte[] TRANSFER_ENCODING = Ascii.pattern("content-transfer-encoding");
    private static final byte[] NAME = Ascii.pattern("name");
    private static final byte[] FILE_NAME = Ascii.pattern("filename");
    private static final byte[][] PLAIN_ENCODINGS = {
        Ascii.pattern("7bit"), Ascii.pattern("8bit"), Ascii.pattern("binary")
    };
    private static final boolean[] PLAIN = new boolean[256];

    static {
        for (int c = 0; c < 256; c++) {
            PLAIN[c] = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || " \t_-./+:;=\"".indexOf(c) >= 0;
        }
    }

    private final ValueVisitor visitor;
    private final Findings findings;
    private final Name field;
    private final Name further;
    private final ContentType type = new ContentType();
    private final byte[] line = new byte[LONGEST_LINE];
    private int length;
    private boolean lineEnded; // unless the next line continues it
    private boolean overflowing;
    private boolean named;
    private boolean file;
    private State state = State.READING;

    /** @param field receives the part's name */
    PartHead(ValueVisitor visitor, Findings findings, Name field) {
        this.visitor = visitor;
        this.findings = findings;
        this.field = field;
        further = new Name(visitor);
    }

    void begin() {
        field.clear();
        type.clear();
        length = 0;
        lineEnded = false;
        overflowing = false;
        named = false;
        file = false;
        state = State.READING;
    }

    State state() {
        return state;
    }

    ContentType type() {
        return type;
    }

    /** @param depth of the multipart content: in the outermost one alone may a file be left unread */
    Content.Role role(int depth) {
        return named && !file ? Content.Role.FIELD : depth == 0 ? Content.Role.FILE : Content.Role.NESTED_FILE;
    }

    /** The line that is a boundary. */
    byte[] line() {
        return line;
    }

    int length() {
        return length;
    }

    /** Reads on and returns where it stopped: at {@code to}, or behind what made the state another one. */
    int feed(byte[] bytes, int from, int to, byte[] delimiter, int delimiterLength) {
        int at = from;
        while (at < to) {
            if (lineEnded) {
                lineEnded = false;
                if (bytes[at] != ' ' && bytes[at] != '\t') {
                    lineRead();
                    length = 0;
                }
            }
            int run = at;
            while (run < to && bytes[run] != '\n') {
                run++;
            }
            append(bytes, at, run);
            if (run == to) {
                return to;
            }
            at = run + 1;
            endLine(delimiter, delimiterLength);
            if (state != State.READING) {
                return at;
            }
        }
        return to;
    }

    private void append(byte[] bytes, int from, int to) {
        int fitting = Math.min(to - from, LONGEST_LINE - length);
        System.arraycopy(bytes, from, line, length, fitting);
        length += fitting;
        if (from + fitting < to) {
            if (!overflowing) {
                findings.add(BodyAnomaly.MALFORMED);
                beginValue();
                visitor.more(line, 0, length);
                overflowing = true;
            }
            visitor.more(bytes, from + fitting, to);
        }
    }

    private void endLine(byte[] delimiter, int delimiterLength) {
        if (overflowing) {
            visitor.end();
            overflowing = false;
        } else if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        if (length == 0) {
            state = State.COMPLETE;
        } else if (isDelimiter(delimiter, delimiterLength)) {
            state = State.BROKEN_BY_BOUNDARY;
        } else {
            lineEnded = true;
        }
    }

    private boolean isDelimiter(byte[] delimiter, int delimiterLength) {
        if (length < delimiterLength) {
            return false;
        }
        for (int i = 0; i < delimiterLength; i++) {
            if (line[i] != delimiter[i]) {
                return false;
            }
        }
        return true;
    }

    /** The body ends inside the head. */
    void end() {
        if (overflowing) {
            visitor.end();
            overflowing = false;
        }
        if (length > 0) {
            lineRead();
        }
    }

    private void lineRead() {
        int colon = 0;
        while (colon < length && line[colon] != ':') {
            colon++;
        }
        int nameTo = colon;
        while (nameTo > 0 && (line[nameTo - 1] == ' ' || line[nameTo - 1] == '\t')) {
            nameTo--;
        }
        int from = colon + 1;
        while (from < length && (line[from] == ' ' || line[from] == '\t')) {
            from++;
        }
        boolean plain = colon < length;
        if (!plain) {
            findings.add(BodyAnomaly.MALFORMED);
        } else if (Ascii.equals(line, 0, nameTo, DISPOSITION)) {
            if (disposition(from)) {
                return;
            }
            plain = false;
        } else if (Ascii.equals(line, 0, nameTo, TYPE)) {
            type.read(line, from, length);
        } else if (Ascii.equals(line, 0, nameTo, TRANSFER_ENCODING) && !isPlainEncoding(from)) {
            findings.add(BodyAnomaly.CODING);
        }
        for (int i = 0; plain && i < length; i++) {
            plain = PLAIN[line[i] & 0xff];
        }
        if (!plain) {
            beginValue();
            visitor.more(line, 0, length);
            visitor.end();
        }
    }

    private boolean isPlainEncoding(int from) {
        for (byte[] plain : PLAIN_ENCODINGS) {
            if (Ascii.equals(line, from, length, plain)) {
                return true;
            }
        }
        return false;
    }

    private void beginValue() {
        visitor.begin(Place.MULTIPART, line, 0, 0);
    }

    /** Reads the parameters; false where others could read them in another way, so that the line has to be looked at as a whole. */
    private boolean disposition(int from) {
        boolean clean = true;
        boolean fileNamed = false;
        boolean nameSeen = false;
        int at = from;
        while (at < length && line[at] != ';') {
            clean &= PLAIN[line[at] & 0xff] && line[at] != '"';
            at++;
        }
        while (at < length) {
            at++; // the semicolon
            while (at < length && (line[at] == ' ' || line[at] == '\t')) {
                at++;
            }
            int nameFrom = at;
            while (at < length && line[at] != '=' && line[at] != ';') {
                at++;
            }
            int nameTo = at;
            if (at == length || line[at] == ';') {
                clean &= nameFrom == nameTo;
                continue;
            }
            at++;
            boolean quoted = at < length && line[at] == '"';
            int valueFrom = quoted ? ++at : at;
            while (at < length && line[at] != (quoted ? '"' : ';')) {
                if (line[at] == '\\' && quoted && at + 1 < length) {
                    clean = false; // some take it for an escape, some for a part of a Windows path
                    at++;
                }
                clean &= line[at] != '"';
                at++;
            }
            int valueTo = Math.min(at, length);
            if (quoted) {
                clean &= at < length;
                at++;
                while (at < length && line[at] != ';') {
                    clean &= line[at] == ' ' || line[at] == '\t';
                    at++;
                }
            }
            boolean extended = nameTo > nameFrom && line[nameTo - 1] == '*';
            int plainTo = extended ? nameTo - 1 : nameTo;
            if (Ascii.equals(line, nameFrom, plainTo, NAME)) {
                clean &= !nameSeen;
                name(valueFrom, valueTo, extended);
                nameSeen = true;
            } else if (Ascii.equals(line, nameFrom, plainTo, FILE_NAME)) {
                clean &= extended || !fileNamed;
                fileNamed |= !extended;
                file |= !extended && valueTo > valueFrom;
                visit(valueFrom, valueTo);
            } else {
                clean &= isPlain(nameFrom, nameTo);
                visit(valueFrom, valueTo);
            }
        }
        return clean;
    }

    private void name(int from, int to, boolean extended) {
        if (named || extended) {
            further.clear();
            further.add(Place.MULTIPART, line, from, to);
            further.end(Place.MULTIPART);
        } else {
            field.add(Place.MULTIPART, line, from, to);
            field.end(Place.MULTIPART);
        }
        named = true;
    }

    private boolean isPlain(int from, int to) {
        for (int i = from; i < to; i++) {
            if (!PLAIN[line[i] & 0xff]) {
                return false;
            }
        }
        return true;
    }

    private void visit(int from, int to) {
        if (from < to) {
            field.beginValue(Place.MULTIPART);
            visitor.more(line, from, to);
            visitor.end();
        }
    }
}
