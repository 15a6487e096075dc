package pt.sunbeam.proxy.tunnel;

import org.apache.pekko.util.ByteString;

/**
 * Follows a stream of WebSocket frames and knows where they end (RFC 6455 section 5.2). It reads their headers alone; what they mean, their order and their
 * extensions are between the two ends. Not thread-safe.
 */
final class FrameReader {
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;

    private int headerRead; // bytes of the header read so far
    private int headerLength; // known from its second byte on
    private int lengthBytes;
    private long payload; // bytes of the payload still to come; being read while the header is
    private boolean lost;

    /** Whether the last byte read ended a frame, or none has been read. */
    boolean atBoundary() {
        return !lost && headerRead == 0;
    }

    /** Reads all of the bytes. */
    void read(ByteString bytes) {
        int at = 0;
        while (at < bytes.size()) {
            at = step(bytes, at);
        }
    }

    /** Reads on to the next end of a frame, or to the end of the bytes; gives how many were read. */
    int readToBoundary(ByteString bytes) {
        int at = 0;
        do {
            at = at < bytes.size() ? step(bytes, at) : at;
        } while (at < bytes.size() && !atBoundary());
        return at;
    }

    /** Reads a byte of a header, or as much of the payload as there is. */
    private int step(ByteString bytes, int at) {
        if (lost) {
            return bytes.size();
        }
        if (headerRead < 2 || headerRead < headerLength) {
            header(bytes.apply(at) & 0xff);
            return at + 1;
        }
        int length = (int) Math.min(payload, bytes.size() - at);
        payload -= length;
        endWhereComplete();
        return at + length;
    }

    private void header(int octet) {
        headerRead++;
        if (headerRead == 2) {
            int length = octet & 0x7f;
            lengthBytes = length == SHORT_LENGTH ? 2 : length == LONG_LENGTH ? 8 : 0;
            headerLength = 2 + lengthBytes + ((octet & 0x80) == 0 ? 0 : 4);
            payload = lengthBytes == 0 ? length : 0;
        } else if (headerRead > 2 && headerRead <= 2 + lengthBytes) {
            payload = payload << 8 | octet;
            lost = payload < 0; // more than 63 bits
        }
        if (headerRead >= 2) {
            endWhereComplete();
        }
    }

    private void endWhereComplete() {
        if (headerRead == headerLength && payload == 0) {
            headerRead = 0;
        }
    }
}
