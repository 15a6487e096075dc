package pt.sunbeam.detector.lexicon;

import java.util.Arrays;
import java.util.Base64;

/** A table of bytes that a generated class holds as text. */
public final class PackedTable {
    /** Joins what the pieces of base64 stand for; line ends in them are nothing. */
    public static byte[] unpack(String... pieces) {
        byte[][] parts =
                Arrays.stream(pieces).map(Base64.getMimeDecoder()::decode).toArray(byte[][]::new);
        byte[] table =
                new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, table, at, part.length);
            at += part.length;
        }
        return table;
    }

    private PackedTable() {}
}
