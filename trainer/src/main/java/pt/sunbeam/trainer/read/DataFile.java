package pt.sunbeam.trainer.read;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** A text file of a data set: plain, or packed with xz or gzip where its name ends so. */
public record DataFile(Path path) {

    /** The file of that name below a folder, or its packed neighbour {@code name.xz}; the plain one first. */
    public static Optional<DataFile> find(Path folder, String name) {
        for (var candidate : new String[] {name, name + ".xz"}) {
            var path = folder.resolve(candidate);
            if (Files.isRegularFile(path)) {
                return Optional.of(new DataFile(path));
            }
        }
        return Optional.empty();
    }

    /** The name without ".xz" or ".gz". */
    public String name() {
        var name = path.getFileName().toString();
        return name.substring(0, name.length() - extension().length());
    }

    /** The name as it is stored. */
    public String storedName() {
        return path.getFileName().toString();
    }

    /** The name of the folder that it lies in: its data set. */
    public String set() {
        var absolute = path.toAbsolutePath();
        return absolute.getName(Math.max(0, absolute.getNameCount() - 2)).toString();
    }

    /**
     * What the file says, unpacked. A fault of the disk or of packed data is thrown as one that names the file.
     *
     * @throws DataException if it cannot be opened or is not packed as its name says
     */
    public InputStream open() throws IOException {
        var stored = stored();
        try {
            return naming(
                    switch (extension()) {
                        case ".xz" -> new XZInputStream(stored);
                        case ".gz" -> new GZIPInputStream(stored, 1 << 16);
                        default -> stored;
                    });
        } catch (IOException notPacked) {
            stored.close();
            throw fault("not an " + extension().substring(1) + " file (" + notPacked.getMessage() + ")", notPacked);
        }
    }

    private InputStream stored() throws DataException {
        if (Files.isDirectory(path)) {
            throw new DataException(path, "is a folder (expected: a file)");
        }
        try {
            return new BufferedInputStream(Files.newInputStream(path), 1 << 16);
        } catch (NoSuchFileException missing) {
            throw fault("no such file", missing);
        } catch (IOException unreadable) {
            throw fault("cannot be opened (" + unreadable + ")", unreadable);
        }
    }

    private InputStream naming(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                try {
                    return super.read(into, offset, length);
                } catch (IOException broken) {
                    throw fault("cannot be read to its end (" + broken + ")", broken);
                }
            }

            @Override
            public int available() { // the default would ask packed data, and throw
                return 0;
            }
        };
    }

    private DataException fault(String text, IOException cause) {
        var fault = new DataException(path, text);
        fault.initCause(cause);
        return fault;
    }

    /** How it is packed: ".xz", ".gz", or empty. */
    private String extension() {
        var name = path.toString();
        return name.endsWith(".xz") || name.endsWith(".gz") ? name.substring(name.length() - 3) : "";
    }

    BufferedReader lines(Charset charset) throws IOException {
        return new BufferedReader(new InputStreamReader(open(), charset), 1 << 16);
    }

    /** SHA-256 of the file as it is stored, lower-case hex. */
    public String sha256() throws IOException {
        try (var in = Files.newInputStream(path)) {
            var digest = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new AssertionError(everyPlatformHasIt);
        }
    }
}
