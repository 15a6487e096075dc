package pt.sunbeam.trainer.dataset;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of one row after the other, in memory that is used again: the streams of the library take a lock for each byte. */
final class RowBytes {
    private byte[] bytes = new byte[1 << 10];
    private int size;

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
    }

    void octet(int octet) {
        room(1);
        bytes[size++] = (byte) octet;
    }

    /** LEB128. */
    void number(long number) {
        room(10);
        long rest = number;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** Its length in bytes and UTF-8. */
    void text(String text) {
        var encoded = text.getBytes(StandardCharsets.UTF_8);
        number(encoded.length);
        room(encoded.length);
        System.arraycopy(encoded, 0, bytes, size, encoded.length);
        size += encoded.length;
    }

    private void room(int count) {
        if (bytes.length - size < count) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + count));
        }
    }
}
