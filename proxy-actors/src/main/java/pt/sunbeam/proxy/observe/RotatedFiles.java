package pt.sunbeam.proxy.observe;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files that a log was put aside in: {@code audit.log.20260102T030405Z}, with {@code -1}, {@code -2} … where a second has several, and {@code .gz} once
 * packed. Names alone say which they are and how they follow each other; what is named otherwise is somebody else's.
 *
 * <p>Immutable. Several processes may rotate the same log.
 */
public final class RotatedFiles {
    /** The ending of those that are packed with gzip. */
    public static final String PACKED = ".gz";

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int MOST_TRIES = 1_000;

    /**
     * One of them.
     *
     * @param at when it was put aside, to the second
     * @param ordinal among those of the second
     */
    public record Rotated(Path path, Instant at, int ordinal, boolean packed) implements Comparable<Rotated> {
        private static final Comparator<Rotated> AGE =
                Comparator.comparing(Rotated::at).thenComparingInt(Rotated::ordinal);

        /** Older ones first; packed or not makes no difference. */
        @Override
        public int compareTo(Rotated other) {
            return AGE.compare(this, other);
        }
    }

    private final Path log;
    private final Pattern name;

    /** @param log the file that is written to, with its directory */
    public RotatedFiles(Path log) {
        this.log = log.toAbsolutePath();
        name = Pattern.compile(Pattern.quote(String.valueOf(log.getFileName()))
                + "\\.(\\d{8}T\\d{6}Z)(?:-([1-9]\\d{0,8}))?(" + Pattern.quote(PACKED) + ")?");
    }

    /** All that are there now, oldest first; of one that is just being packed the plain form. */
    public List<Rotated> list() throws IOException {
        var found = new TreeMap<Rotated, Rotated>();
        try (DirectoryStream<Path> directory = Files.newDirectoryStream(directory())) {
            for (Path path : directory) {
                Rotated rotated = of(path);
                if (rotated != null && Files.isRegularFile(path)) {
                    found.merge(rotated, rotated, (one, other) -> one.packed() ? other : one);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return List.copyOf(found.values());
    }

    /** What the name says, or null where it is no name of ours. */
    @Nullable
    Rotated of(Path path) {
        var parts = name.matcher(String.valueOf(path.getFileName()));
        if (!parts.matches()) {
            return null;
        }
        try {
            return new Rotated(
                    path,
                    STAMP.parse(parts.group(1), Instant::from),
                    parts.group(2) == null ? 0 : Integer.parseInt(parts.group(2)),
                    parts.group(3) != null);
        } catch (DateTimeParseException noTime) {
            return null;
        }
    }

    /**
     * Gives the log a name of its own, later than all there are, even where the clock went back. The name is claimed before it is used, so that nothing is
     * overwritten, whoever else rotates.
     */
    Rotated putAside(Instant now) throws IOException {
        List<Rotated> before = list();
        Rotated newest = before.isEmpty() ? null : before.getLast();
        Instant second = Instant.ofEpochSecond(now.getEpochSecond());
        boolean taken = newest != null && newest.at().compareTo(second) >= 0;
        Instant at = taken && newest != null ? newest.at() : second;
        int first = taken && newest != null ? newest.ordinal() + 1 : 0;
        for (int ordinal = first; ordinal < first + MOST_TRIES; ordinal++) {
            Path aside = log.resolveSibling(
                    log.getFileName() + "." + STAMP.format(at) + (ordinal == 0 ? "" : "-" + ordinal));
            if (claim(aside)) {
                try {
                    move(aside);
                } catch (IOException e) {
                    Files.deleteIfExists(aside);
                    throw e;
                }
                return new Rotated(aside, at, ordinal, false);
            }
        }
        throw new FileAlreadyExistsException(log + "." + STAMP.format(at) + "-" + (first + MOST_TRIES));
    }

    private static boolean claim(Path aside) throws IOException {
        if (Files.exists(aside.resolveSibling(aside.getFileName() + PACKED))) {
            return false;
        }
        try {
            Files.createFile(aside);
            return true;
        } catch (FileAlreadyExistsException somebodyElse) {
            return false;
        }
    }

    private void move(Path aside) throws IOException {
        try {
            Files.move(log, aside, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException strangeFileSystem) {
            Files.move(log, aside, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Path directory() {
        Path parent = log.getParent();
        return parent == null ? log : parent;
    }
}
