package pt.sunbeam.codegen;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A text of ASCII lines, each ended by LF, words parted by one space, all numbers whole and in decimal. The first line names format and version; the
 * last one is {@code sha256} and the hash of all bytes before that line. It is read line by line, with no line skipped and no freedom in how a line is
 * written, so that one content has exactly one text.
 */
final class Lines {
    private static final String HASH = "sha256 ";
    private static final int HASH_LINE = HASH.length() + 64 + 1;
    private static final Pattern NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,9}");

    /** The text is not what it should be: why, with the line, or with both hashes where they differ. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;

        final String reason;

        Refusal(String reason) {
            super(reason);
            this.reason = reason;
        }
    }

    private final String[] lines;
    private final String sha256;
    private int next;

    private Lines(String[] lines, String sha256) {
        this.lines = lines;
        this.sha256 = sha256;
    }

    /** The bytes of the lines with the hash behind them. */
    static byte[] hashed(CharSequence lines) {
        return (lines + HASH + sha256(lines.toString().getBytes(US_ASCII)) + "\n").getBytes(US_ASCII);
    }

    /** Checks size, hash and first line; the next line is the second. */
    static Lines open(byte[] file, int maxBytes, String header) throws Refusal {
        if (file.length > maxBytes) {
            throw new Refusal("found " + file.length + " bytes (expected: at most " + maxBytes + ")");
        }
        if (file.length < HASH_LINE) {
            throw new Refusal("found " + file.length + " bytes (expected: " + header + " …)");
        }
        int end = file.length - HASH_LINE;
        var lastLine = new String(file, end, HASH_LINE, ISO_8859_1);
        if (!lastLine.matches(HASH + "[0-9a-f]{64}\n") || end == 0 || file[end - 1] != '\n') {
            throw new Refusal("last line: not the hash (expected: sha256 and 64 lower-case hex digits); cut off?");
        }
        var stated = lastLine.substring(HASH.length(), HASH_LINE - 1);
        var actual = sha256(Arrays.copyOf(file, end));
        if (!stated.equals(actual)) {
            throw new Refusal("corrupted: the file states sha256 " + stated + " but its bytes have " + actual);
        }
        var lines = new Lines(new String(file, 0, end - 1, ISO_8859_1).split("\n", -1), actual);
        if (!lines.take().equals(header)) {
            throw lines.unexpected(header);
        }
        return lines;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }

    /** The hash of the lines. */
    String sha256() {
        return sha256;
    }

    /** Number of the next line, from 1. */
    int place() {
        return next + 1;
    }

    String take() throws Refusal {
        if (next == lines.length) {
            throw new Refusal("line " + (next + 1) + ": found the hash (expected: more of the model)");
        }
        return lines[next++];
    }

    /** All lines must have been taken. */
    void end() throws Refusal {
        if (next != lines.length) {
            take();
            throw unexpected("the hash");
        }
    }

    /** What follows a key and a space. */
    String rest(String key) throws Refusal {
        var line = take();
        if (!line.startsWith(key + " ")) {
            throw unexpected(key + " …");
        }
        return line.substring(key.length() + 1);
    }

    int number(String key) throws Refusal {
        return number(rest(key), key + " and a whole number of 32 bits");
    }

    int count(String key, int min, int max) throws Refusal {
        var expected = key + " and a number from " + min + " to " + max;
        int count = number(rest(key), expected);
        if (count < min || count > max) {
            throw unexpected(expected);
        }
        return count;
    }

    /** The words of a line that begins with the first word of {@code form}. */
    String[] words(String form, int atLeast) throws Refusal {
        var words = take().split(" ", -1);
        if (words.length < atLeast || !words[0].equals(form.split(" ", 2)[0])) {
            throw unexpected(form);
        }
        return words;
    }

    /** The words from one on, as numbers. */
    List<Integer> numbers(String form, String[] words, int from, int atMost) throws Refusal {
        if (words.length - from > atMost) {
            throw unexpected("at most " + atMost + " numbers");
        }
        var numbers = new ArrayList<Integer>();
        for (int i = from; i < words.length; i++) {
            numbers.add(number(words[i], form));
        }
        return numbers;
    }

    int number(String word, String expected) throws Refusal {
        if (NUMBER.matcher(word).matches()) {
            long value = Long.parseLong(word);
            if (value == (int) value) {
                return (int) value;
            }
        }
        throw unexpected(expected);
    }

    /** Of the line taken last. */
    Refusal unexpected(String expected) {
        var line = lines[next - 1];
        var shown = line.length() <= 80 ? line : line.substring(0, 80) + "…";
        return new Refusal("line " + next + ": found \"" + shown + "\" (expected: " + expected + ")");
    }
}
