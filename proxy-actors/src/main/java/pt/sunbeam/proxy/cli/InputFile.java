package pt.sunbeam.proxy.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** What {@code --input} names: a file, or "-" for standard input; unpacked where it was packed with gzip. */
final class InputFile {
    private static final int BUFFER = 1 << 16;
    private static final int MAGIC = 0x1f8b; // RFC 1952, section 2.3.1

    @FunctionalInterface
    interface Reading<T> {
        T read(InputStream in) throws IOException;
    }

    private InputFile() {}

    /** Standard input is not closed. Throws IOException, also where the name is no path. */
    static <T> T read(String input, InputStream standardInput, Reading<T> reading) throws IOException {
        if (input.equals("-")) {
            return reading.read(unpacked(standardInput));
        }
        try (InputStream file = Files.newInputStream(path(input))) {
            return reading.read(unpacked(file));
        }
    }

    static Path path(String input) throws IOException {
        try {
            return Path.of(input);
        } catch (InvalidPathException noPath) {
            throw new IOException(noPath.getMessage(), noPath);
        }
    }

    private static InputStream unpacked(InputStream in) throws IOException {
        var buffered = new BufferedInputStream(in, BUFFER);
        buffered.mark(2);
        int first = buffered.read();
        int second = first < 0 ? -1 : buffered.read();
        buffered.reset();
        return second >= 0 && (first << 8 | second) == MAGIC ? new GZIPInputStream(buffered, BUFFER) : buffered;
    }
}
