package pt.sunbeam.trainer.download;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The public data sets that the trainer reads: where they are, what they must be, and on what terms. */
public record Catalogue(List<Source> sets) {
    public Catalogue {
        sets = List.copyOf(sets);
    }

    /**
     * A data set: a folder of the data directory.
     *
     * @param name the folder's
     * @param about what is in it, in a few words
     * @param terms licence, or what is known about it
     * @param home where it comes from
     * @param byHand why it cannot be fetched, and what to do; null where it can
     * @param parts what to fetch, none where it cannot be
     */
    public record Source(
            String name,
            String about,
            String terms,
            URI home,
            @Nullable String byHand,
            List<Part> parts) {
        public Source {
            Objects.requireNonNull(name);
            Objects.requireNonNull(about);
            Objects.requireNonNull(terms);
            Objects.requireNonNull(home);
            parts = parts == null ? List.of() : List.copyOf(parts);
            if ((byHand == null) == parts.isEmpty()) {
                throw new IllegalArgumentException(name + ": found neither or both of byHand and parts");
            }
        }

        /** All files, in bytes. */
        public long bytes() {
            return parts.stream()
                    .flatMap(part -> part.files().stream())
                    .mapToLong(Item::bytes)
                    .sum();
        }
    }

    /**
     * What one address gives: the file itself, or a zip archive in which the files lie, each as itself or packed with gzip as {@code name.gz}.
     *
     * @param atMost of what is fetched, in bytes
     */
    public record Part(URI address, boolean zip, long atMost, List<Item> files) {
        public Part {
            Objects.requireNonNull(address);
            files = List.copyOf(files);
            if (files.isEmpty()
                    || (!zip && (files.size() > 1 || files.getFirst().bytes() != atMost))) {
                throw new IllegalArgumentException(address + ": one file, as long as at most, unless it is an archive");
            }
        }
    }

    /**
     * A file as it must be in the end.
     *
     * @param sha256 of its bytes, lower-case hex
     */
    public record Item(String name, long bytes, String sha256) {
        public Item {
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*") || bytes <= 0 || !sha256.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException(name + ": name, size or checksum is none");
            }
        }
    }

    /** The catalogue that comes with the trainer. */
    public static Catalogue committed() {
        try (var in = Objects.requireNonNull(Catalogue.class.getResourceAsStream("datasets.json"))) {
            return read(in);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static Catalogue read(InputStream json) throws IOException {
        return JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .build()
                .readValue(json, Catalogue.class);
    }
}
