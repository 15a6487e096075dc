package pt.sunbeam.trainer.read;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.tukaani.xz.XZInputStream;

/** A text file of a data set: plain, or packed with xz where its name ends so. */
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

    /** The name without ".xz". */
    public String name() {
        var name = path.getFileName().toString();
        return name.endsWith(".xz") ? name.substring(0, name.length() - 3) : name;
    }

    /** The name of the folder that it lies in: its data set. */
    public String set() {
        var absolute = path.toAbsolutePath();
        return absolute.getName(Math.max(0, absolute.getNameCount() - 2)).toString();
    }

    /** What the file says, unpacked. */
    public InputStream open() throws IOException {
        var stored = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
        if (!path.toString().endsWith(".xz")) {
            return stored;
        }
        try {
            return new BufferedInputStream(new XZInputStream(stored), 1 << 16);
        } catch (IOException notPacked) {
            stored.close();
            var fault = new DataException(path, "not an xz file (" + notPacked.getMessage() + ")");
            fault.initCause(notPacked);
            throw fault;
        }
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
