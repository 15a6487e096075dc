package pt.sunbeam.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The audit log.
 *
 * @param path file, or null for standard output
 * @param keepValues names of query parameters whose values are written
 * @param featureSample share of the lines that carry feature vectors, in [0, 1]
 * @param rotation {@link Rotation#NEVER} on standard output
 */
public record Audit(
        @Nullable Path path, Set<String> keepValues, double featureSample, boolean pseudonymise, Rotation rotation) {
    private static final String STDOUT = "stdout";

    static Audit read(Section audit) {
        var path = audit.parsed("path", STDOUT, Audit::path);
        var keepValues = Set.copyOf(audit.list("keep_values", Audit::name));
        double featureSample = audit.share("feature_sample", 0.01);
        boolean pseudonymise = audit.flag("pseudonymise", false);
        var rotation = Rotation.read(audit, path.equals(STDOUT));
        return new Audit(path.equals(STDOUT) ? null : Path.of(path), keepValues, featureSample, pseudonymise, rotation);
    }

    private static String path(String text) {
        try {
            if (!Path.of(text).toString().isBlank()) {
                return text;
            }
        } catch (InvalidPathException malformed) {
            // reported like an empty one
        }
        throw new IllegalArgumentException("the path of a file, or stdout");
    }

    private static String name(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("the name of a query parameter");
        }
        return text;
    }

    /**
     * When a file is put aside for a new one, and what becomes of those that were.
     *
     * @param bytes that a file may have, Long.MAX_VALUE for any number
     * @param every how long a file is written to, counted from 1970 in UTC, so that a day begins at midnight; null for ever
     * @param keepFiles how many files that were put aside are kept, at least 1
     * @param keepFor how long they are kept, or null
     * @param compress whether they are packed with gzip
     */
    public record Rotation(
            long bytes,
            @Nullable Duration every,
            int keepFiles,
            @Nullable Duration keepFor,
            boolean compress) {
        public static final Rotation NEVER = new Rotation(Long.MAX_VALUE, null, 10, null, false);

        private static final long FEWEST_BYTES = 64 * 1024;
        private static final List<String> KEYS =
                List.of("rotate_bytes", "rotate_every", "keep_files", "keep_for", "compress");
        private static final Duration YEAR = Duration.ofDays(366);

        static Rotation read(Section audit, boolean stdout) {
            long bytes = audit.bytesOrUnlimited("rotate_bytes");
            if (bytes < FEWEST_BYTES) {
                audit.fault("rotate_bytes", "a size of 64 KiB or more, or \"unlimited\"");
            }
            var rotation = new Rotation(
                    bytes,
                    audit.has("rotate_every") ? time(audit, "rotate_every", Duration.ofMinutes(1), YEAR) : null,
                    audit.count("keep_files", NEVER.keepFiles, 1, 100_000),
                    audit.has("keep_for")
                            ? time(audit, "keep_for", Duration.ofMinutes(1), YEAR.multipliedBy(20))
                            : null,
                    audit.flag("compress", NEVER.compress));
            if (stdout) {
                reportPresent(audit, KEYS, "nothing, or the path of a file as audit.path");
            } else if (!rotation.isOn()) {
                reportPresent(
                        audit,
                        KEYS.subList(2, KEYS.size()),
                        "nothing, or audit.rotate_bytes or audit.rotate_every beside it");
            }
            return rotation;
        }

        /** What asks for nothing is not what was meant. */
        private static void reportPresent(Section audit, List<String> keys, String expected) {
            keys.stream().filter(audit::has).forEach(key -> audit.fault(key, expected));
        }

        private static Duration time(Section audit, String key, Duration min, Duration max) {
            return audit.duration(key, min, min, max);
        }

        public boolean isOn() {
            return bytes < Long.MAX_VALUE || every != null;
        }
    }
}
