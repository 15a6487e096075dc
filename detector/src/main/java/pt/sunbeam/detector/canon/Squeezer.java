package pt.sunbeam.detector.canon;

/**
 * The second reading: a text without what splits words only for who looks at it from outside. Dropped are comments of SQL, scripts and HTML, in place of which stands a space unless they are empty; quotes,
 * backslashes and carets inside a word, and the operators that join strings there; a line's end after a comment of SQL that is one word; white space
 * inside the name of a script scheme. {@code $IFS} becomes a space, the content of MySQL's conditional comments stays.
 *
 * <p>Nothing that is dropped can hide an attack that only this reading shows: a comment goes back to the last opening mark only, and it stays when it is
 * longer than {@link #SHORT} and holds such marks itself; and the first reading has it all.
 */
final class Squeezer {
    private static final int TAIL = 32; // before all that may be dropped: what it may make a word with
    private static final int LONGEST_COMMENT = 1024;
    private static final int LONGEST_LINE = 64; // also between two quotes
    private static final int LONGEST_JOINT = 12;
    private static final int SHORT = 16;
    private static final int NONE = -1;

    private static final byte[] JAVASCRIPT = {'j', 'a', 'v', 'a', 's', 'c', 'r', 'i', 'p', 't'};
    private static final byte[] VBSCRIPT = {'v', 'b', 's', 'c', 'r', 'i', 'p', 't'};

    private final byte[] bytes = new byte[LONGEST_COMMENT + 4 * TAIL + 2 * Decoder.WINDOW + Canonicaliser.CHUNK];
    private int length;
    private int released;
    private boolean changed;
    private int comment; // where the comment begins that stands open
    private boolean markup; // whether that is one of HTML
    private boolean marked; // whether it holds marks
    private boolean conditional; // whether a conditional comment is open
    private int versionDigits; // that may still come
    private int joint; // where the marks after a word begin
    private int quote; // where one quote stands in a word
    private int line; // where a comment up to the line's end begins
    private int afterIfs;

    Squeezer() {
        begin();
    }

    /**
     * Whether anything but a comment or a line's end may be dropped from a canonical text that is whole: false for most texts with marks, which stand
     * around words more often than in them. Much cheaper than squeezing.
     */
    static boolean joins(byte[] text, int length) {
        boolean quoted = false; // whether one quote alone stands in a word
        int before = 0;
        for (int i = 0; i < length; i++) {
            int traits = CharacterTable.PLAIN[text[i] & 0xff];
            if ((traits & CharacterTable.MARK) != 0) {
                if (text[i] == '$' && isIfs(text, i, length)) {
                    return true;
                }
                if ((before & CharacterTable.WORD) != 0) {
                    int end = i + 1;
                    while (end < length && !isWord(text[end])) {
                        end++;
                    }
                    boolean alone = end - i == 1 && isQuote(text[i]);
                    if (end < length && end - i <= LONGEST_JOINT && (alone ? quoted : joins(text, i, end))) {
                        return true;
                    }
                    quoted |= alone;
                }
            } else if (text[i] == ':') {
                if (startOf(JAVASCRIPT, text, i) >= 0 || startOf(VBSCRIPT, text, i) >= 0) {
                    return true;
                }
            } else if (text[i] == ' ') {
                quoted = false;
            }
            before = traits;
        }
        return false;
    }

    private static boolean isIfs(byte[] text, int at, int length) {
        return (length - at >= 4 && stands("$ifs", text, at)) || (length - at >= 5 && stands("${ifs", text, at));
    }

    void begin() {
        length = 0;
        released = 0;
        changed = false;
        comment = NONE;
        markup = false;
        marked = false;
        conditional = false;
        versionDigits = 0;
        joint = NONE;
        quote = NONE;
        line = NONE;
        afterIfs = NONE;
    }

    /** Takes at most {@link Canonicaliser#CHUNK} and a decoder's window of bytes; what the call before released is gone. */
    void squeeze(byte[] in, int from, int to, int[] table, boolean last) {
        dropReleased();
        for (int i = from; i < to; i++) {
            int c = in[i] & 0xff;
            int folded = table[c];
            if ((folded & CharacterTable.WHITE) != 0) {
                white(c == '\n' || c == '\r');
            } else if ((folded & CharacterTable.WORD) != 0) {
                word(folded & 0xff);
            } else {
                punctuation(folded);
            }
        }
        release(last);
    }

    byte[] bytes() {
        return bytes;
    }

    /** How many of {@link #bytes} are released. */
    int length() {
        return released;
    }

    /** Whether anything was dropped from the value so far. */
    boolean changed() {
        return changed;
    }

    private void dropReleased() {
        if (released > 0) {
            length -= released;
            System.arraycopy(bytes, released, bytes, 0, length);
            comment = moved(comment);
            joint = moved(joint);
            quote = moved(quote);
            line = moved(line);
            afterIfs = moved(afterIfs);
            released = 0;
        }
    }

    private int moved(int position) {
        return Math.max(position - released, NONE);
    }

    private void release(boolean last) {
        if (last) {
            released = length;
            return;
        }
        comment = isCommentOpen() ? comment : NONE;
        int first = length;
        first = comment >= 0 ? Math.min(first, comment) : first;
        first = joint >= 0 ? Math.min(first, joint) : first;
        first = quote >= 0 ? Math.min(first, quote) : first;
        first = line >= 0 ? Math.min(first, line) : first;
        released = Math.max(0, first - TAIL);
    }

    private void white(boolean newline) {
        versionDigits = 0;
        quote = NONE;
        if (line >= 0) {
            if (newline) {
                cut(line);
            }
            line = NONE;
        }
        limitJoint();
        space();
    }

    private void space() {
        if (length == 0 || bytes[length - 1] != ' ') {
            bytes[length++] = ' ';
        }
    }

    private void word(int c) {
        if (versionDigits > 0) {
            if (c >= '0' && c <= '9') {
                versionDigits--;
                return;
            }
            versionDigits = 0;
        }
        if (joint >= 0) {
            join();
            joint = NONE;
        }
        bytes[length++] = (byte) c;
        if (c == 's' && ends("$ifs")) {
            cut(length - 4);
            space();
            afterIfs = length;
        } else if (afterIfs >= 0 && afterIfs == length - 2 && bytes[length - 2] == '$' && c >= '0' && c <= '9') {
            cut(length - 2);
        }
        line = line >= 0 && length - line > LONGEST_LINE ? NONE : line;
        quote = quote >= 0 && length - quote > LONGEST_LINE ? NONE : quote;
    }

    private void punctuation(int folded) {
        versionDigits = 0;
        byte c = (byte) folded;
        boolean mark = (folded & CharacterTable.MARK) != 0;
        if (mark) {
            marked = true;
            if (joint < 0 && length > 0 && isWord(bytes[length - 1])) {
                joint = length;
            }
        }
        limitJoint();
        quote = joint < 0 ? NONE : quote;
        line = NONE;
        bytes[length++] = c;
        switch (c) {
            case '*' -> {
                if (ends("/*")) {
                    open(length - 2, false);
                }
            }
            case '/' -> {
                if (ends("*/")) {
                    close();
                }
            }
            case '!' -> {
                if (comment >= 0 && comment == length - 3 && !markup) {
                    cut(comment);
                    space();
                    conditional = true;
                    versionDigits = 6;
                }
            }
            case '-' -> {
                if (ends("<!--")) {
                    open(length - 4, true);
                } else if (ends("--")) {
                    line = length - 2;
                }
            }
            case '>' -> {
                if (isCommentOpen() && markup && length - comment >= 7 && ends("-->")) {
                    closeAt(comment, length - comment - 7);
                }
            }
            case '#' -> line = length - 1;
            case '}' -> closeBrace();
            case ':' -> joinScheme();
            default -> {}
        }
    }

    private void limitJoint() {
        if (joint >= 0 && length - joint >= LONGEST_JOINT) {
            joint = NONE;
        }
    }

    private void cut(int to) {
        length = to;
        changed = true;
        comment = comment >= to ? NONE : comment;
        joint = joint >= to ? NONE : joint;
        quote = quote >= to ? NONE : quote;
        line = line >= to ? NONE : line;
    }

    private boolean isCommentOpen() {
        return comment >= 0 && length - comment <= LONGEST_COMMENT;
    }

    private void open(int at, boolean html) {
        comment = at;
        markup = html;
        marked = false;
    }

    private void close() {
        if (isCommentOpen() && !markup && length - comment >= 4) {
            closeAt(comment, length - comment - 4);
        } else if (conditional && (!isCommentOpen() || markup)) {
            conditional = false;
            cut(length - 2);
            space();
        }
    }

    private void closeAt(int start, int content) {
        comment = NONE;
        if (content <= SHORT || !marked) {
            cut(start);
            if (content > 0) { // to a database it parts what an empty one may have been put in to split
                space();
            }
        }
    }

    /** {@code ${ifs}}, and what a shell makes shorter in it. */
    private void closeBrace() {
        for (int i = length - 6; i >= Math.max(0, length - 16); i--) {
            if (bytes[i] == '$' && stands("${ifs", bytes, i)) {
                cut(i);
                space();
                afterIfs = length;
                return;
            }
        }
    }

    private void joinScheme() {
        joinScheme(JAVASCRIPT);
        joinScheme(VBSCRIPT);
    }

    private void joinScheme(byte[] scheme) {
        int start = startOf(scheme, bytes, length - 1);
        if (start >= 0) {
            cut(start);
            System.arraycopy(scheme, 0, bytes, start, scheme.length);
            length = start + scheme.length;
            bytes[length++] = ':';
        }
    }

    /** Where a scheme begins that ends there and has spaces in it, or {@link #NONE}. */
    private static int startOf(byte[] scheme, byte[] text, int end) {
        int at = end - 1;
        int wanted = scheme.length - 1;
        while (at >= 0 && wanted >= 0 && (text[at] == ' ' || text[at] == scheme[wanted])) {
            wanted -= text[at] == ' ' ? 0 : 1;
            at--;
        }
        return wanted < 0 && end - (at + 1) > scheme.length ? at + 1 : NONE;
    }

    /** Drops the marks between two characters of words if they make one word of them; one quote alone (O'Brien) only with a second one. */
    private void join() {
        int at = joint;
        if (length - at > 1 || !isQuote(bytes[at])) {
            if (joins(bytes, at, length)) {
                cut(at);
            }
        } else if (quote >= 0 && bytes[quote] == bytes[at] && at - quote <= LONGEST_LINE) {
            int first = quote;
            System.arraycopy(bytes, first + 1, bytes, first, at - first - 1);
            cut(at - 1);
            quote = NONE;
        } else {
            quote = at;
        }
    }

    /** Whether what stands between two characters of words there makes one word of them. */
    private static boolean joins(byte[] bytes, int from, int to) {
        boolean quotesOnly = true;
        for (int i = from; i < to; i++) {
            byte c = bytes[i];
            quotesOnly &= isQuote(c) || c == '\\' || c == '^';
        }
        if (quotesOnly) {
            return true;
        }
        if (bytes[from] == '$') {
            return (to - from == 2 && (bytes[from + 1] == '@' || bytes[from + 1] == '*'))
                    || (to - from == 3 && bytes[from + 1] == '(' && bytes[from + 2] == ')');
        }
        if (to - from < 3 || !isQuote(bytes[from]) || !isQuote(bytes[to - 1])) {
            return false;
        }
        int left = from + 1;
        int right = to - 1;
        while (left < right && bytes[left] == ' ') {
            left++;
        }
        while (right > left && bytes[right - 1] == ' ') {
            right--;
        }
        return switch (right - left) {
            case 0 -> bytes[from] == bytes[to - 1];
            case 1 -> bytes[left] == '+' || bytes[left] == '.' || bytes[left] == '&';
            case 2 -> bytes[left] == '|' && bytes[left + 1] == '|';
            default -> false;
        };
    }

    private static boolean isQuote(byte c) {
        return c == '\'' || c == '"' || c == '`';
    }

    private static boolean isWord(byte c) {
        return (CharacterTable.PLAIN[c & 0xff] & CharacterTable.WORD) != 0;
    }

    private boolean ends(String suffix) {
        int at = length - suffix.length();
        return at >= 0 && stands(suffix, bytes, at);
    }

    private static boolean stands(String wanted, byte[] text, int at) {
        for (int i = 0; i < wanted.length(); i++) {
            if (text[at + i] != wanted.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
