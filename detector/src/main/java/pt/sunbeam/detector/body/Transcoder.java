package pt.sunbeam.detector.body;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Turns text in any charset into UTF-8, piece by piece; what is malformed becomes U+FFFD. */
final class Transcoder {
    private static final int ROOM = 1024;

    private final ByteBuffer in = ByteBuffer.allocate(ROOM);
    private final CharBuffer characters = CharBuffer.allocate(ROOM);
    private final byte[] out = new byte[3 * ROOM];
    private CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private char high; // the first half of a pair, or 0

    void begin(Charset charset) {
        decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        in.clear();
        high = 0;
    }

    void feed(byte[] bytes, int from, int to, Content sink) {
        int at = from;
        while (at < to) {
            int more = Math.min(to - at, in.remaining());
            in.put(bytes, at, more);
            at += more;
            in.flip();
            decode(false, sink);
            in.compact();
        }
    }

    void end(Content sink) {
        in.flip();
        decode(true, sink);
        while (decoder.flush(characters).isOverflow()) {
            emit(sink);
        }
        emit(sink);
        if (high != 0) {
            high = 0;
            characters.put('\ufffd');
            emit(sink);
        }
    }

    private void decode(boolean last, Content sink) {
        while (decoder.decode(in, characters, last).isOverflow()) {
            emit(sink);
        }
        emit(sink);
    }

    private void emit(Content sink) {
        characters.flip();
        int length = 0;
        while (characters.hasRemaining()) {
            char c = characters.get();
            if (Character.isHighSurrogate(c)) {
                high = c;
            } else if (Character.isLowSurrogate(c)) {
                int codePoint = Character.toCodePoint(high, c);
                high = 0;
                out[length++] = (byte) (0xf0 | codePoint >> 18);
                out[length++] = continuation(codePoint >> 12);
                out[length++] = continuation(codePoint >> 6);
                out[length++] = continuation(codePoint);
            } else if (c < 0x80) {
                out[length++] = (byte) c;
            } else if (c < 0x800) {
                out[length++] = (byte) (0xc0 | c >> 6);
                out[length++] = continuation(c);
            } else {
                out[length++] = (byte) (0xe0 | c >> 12);
                out[length++] = continuation(c >> 6);
                out[length++] = continuation(c);
            }
        }
        characters.clear();
        if (length > 0) {
            sink.transcoded(out, 0, length);
        }
    }

    private static byte continuation(int bits) {
        return (byte) (0x80 | (bits & 0x3f));
    }
}
