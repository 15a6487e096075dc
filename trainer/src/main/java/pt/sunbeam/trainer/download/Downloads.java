package pt.sunbeam.trainer.download;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.trainer.download.Catalogue.Item;
import pt.sunbeam.trainer.download.Catalogue.Part;
import pt.sunbeam.trainer.download.Catalogue.Source;
import pt.sunbeam.trainer.read.DataFile;
import pt.sunbeam.trainer.report.Progress;

/**
 * Brings data sets into a folder as {@code SET/FILE}. A file has its name only once its size and checksum are right; until then it is {@code FILE.part}, with which
 * a later run goes on.
 */
public final class Downloads implements AutoCloseable {
    private final Path folder;
    private final Transfer transfer;

    public Downloads(Path folder, Progress progress) {
        this(folder, new Transfer(Transfer.Patience.STANDARD, progress));
    }

    Downloads(Path folder, Transfer transfer) {
        this.folder = folder;
        this.transfer = transfer;
    }

    /**
     * Fetches what is missing of a set.
     *
     * @return whether anything was
     * @throws IOException if the set is not whole afterwards; its message says why
     */
    public boolean fetch(Source set) throws IOException, InterruptedException {
        if (set.byHand() != null) {
            throw TransferException.lasting("to be fetched by hand: " + set.byHand());
        }
        boolean any = false;
        for (var part : set.parts()) {
            any |= fetch(folder.resolve(set.name()), part);
        }
        return any;
    }

    private boolean fetch(Path set, Part part) throws IOException, InterruptedException {
        boolean whole = true;
        for (var file : part.files()) {
            whole &= isWhole(set.resolve(file.name()), file);
        }
        if (whole) {
            return false;
        }
        Files.createDirectories(set);
        var address = part.address().getPath();
        var fetched = set.resolve(address.substring(address.lastIndexOf('/') + 1) + ".part");
        if (!part.zip()) {
            fetched = set.resolve(part.files().getFirst().name() + ".part");
        }
        try (var open = PartFile.open(fetched)) {
            if (part.zip() || open.size() != part.atMost()) {
                transfer.fetch(part.address(), open, part.atMost());
            }
        }
        if (part.zip()) {
            unpack(fetched, set, part);
            PartFile.delete(fetched);
        } else {
            keep(fetched, set, part.files().getFirst());
        }
        return true;
    }

    private static boolean isWhole(Path path, Item file) throws IOException {
        return Files.isRegularFile(path)
                && Files.size(path) == file.bytes()
                && new DataFile(path).sha256().equals(file.sha256());
    }

    /** Gives a part its name if it is what it must be; else it is thrown away, for nothing could come of it. */
    private static void keep(Path part, Path set, Item file) throws IOException {
        long size = Files.size(part);
        var sha256 = new DataFile(part).sha256();
        if (size != file.bytes() || !sha256.equals(file.sha256())) {
            PartFile.delete(part);
            throw TransferException.lasting("%s: %,d bytes with SHA-256 %s (expected: %,d with %s); not kept"
                    .formatted(file.name(), size, sha256, file.bytes(), file.sha256()));
        }
        var target = set.resolve(file.name());
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException elsewhere) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
        PartFile.delete(part);
    }

    private static void unpack(Path archive, Path set, Part part) throws IOException {
        try (var zip = new ZipFile(archive.toFile())) {
            for (var file : part.files()) {
                var member = member(zip.entries(), file.name());
                if (member == null) {
                    throw TransferException.lasting("%s: no %s and no %s.gz in the archive"
                            .formatted(part.address(), file.name(), file.name()));
                }
                var target = set.resolve(file.name() + ".part");
                try (var in = member.getName().endsWith(".gz")
                        ? new GZIPInputStream(zip.getInputStream(member))
                        : zip.getInputStream(member)) {
                    copy(in, target, file.bytes());
                }
                keep(target, set, file);
            }
        } catch (ZipException broken) {
            PartFile.delete(archive);
            throw TransferException.lasting(
                    "%s: not a sound archive (%s); not kept".formatted(part.address(), broken.getMessage()));
        } catch (TransferException wrong) {
            PartFile.delete(archive);
            throw wrong;
        }
    }

    private static @Nullable ZipEntry member(Enumeration<? extends ZipEntry> entries, String name) {
        while (entries.hasMoreElements()) {
            var entry = entries.nextElement();
            var base = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
            if (base.equals(name) || base.equals(name + ".gz")) {
                return entry;
            }
        }
        return null;
    }

    /** Copies so many bytes and one more, if there are: an archive may unpack to any size. */
    private static void copy(InputStream in, Path target, long bytes) throws IOException {
        try (var out = Files.newOutputStream(target)) {
            var buffer = new byte[1 << 16];
            long left = bytes + 1;
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    return;
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
    }

    @Override
    public void close() {
        transfer.close();
    }
}
