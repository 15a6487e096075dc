package pt.sunbeam.trainer.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What has been fetched of a file so far: {@code NAME.part}, and in {@code NAME.part.etag} the validator that a server gave with it (RFC 9110 section 8.8), by
 * which it tells whether the rest still belongs to it.
 */
final class PartFile implements AutoCloseable {
    private final Path path;
    private final Path validatorPath;
    private final FileChannel channel;

    private PartFile(Path path, FileChannel channel) {
        this.path = path;
        validatorPath = validatorOf(path);
        this.channel = channel;
    }

    /**
     * Opens or begins it.
     *
     * @throws TransferException if another process is fetching it
     */
    static PartFile open(Path path) throws IOException {
        var channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw new OverlappingFileLockException();
            }
            return new PartFile(path, channel);
        } catch (OverlappingFileLockException busy) {
            channel.close();
            throw TransferException.lasting(path.getFileName() + " is being fetched by another run");
        }
    }

    static void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
        Files.deleteIfExists(validatorOf(path));
    }

    private static Path validatorOf(Path path) {
        return path.resolveSibling(path.getFileName() + ".etag");
    }

    long size() throws IOException {
        return channel.size();
    }

    /** The validator of what is here; empty if none is known, so that a server cannot be asked for the rest. */
    String validator() throws IOException {
        return Files.exists(validatorPath) ? Files.readString(validatorPath).strip() : "";
    }

    /** Throws away what is here and begins anew. */
    void restart(String validator) throws IOException {
        channel.truncate(0);
        if (validator.isEmpty()) {
            Files.deleteIfExists(validatorPath);
        } else {
            Files.writeString(validatorPath, validator);
        }
    }

    void append(List<ByteBuffer> bytes) throws IOException {
        channel.position(channel.size());
        for (var buffer : bytes) {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }

    Path path() {
        return path;
    }

    /** What is here stays; an empty part goes. */
    @Override
    public void close() throws IOException {
        boolean empty = channel.size() == 0;
        channel.close();
        if (empty) {
            delete(path);
        }
    }
}
