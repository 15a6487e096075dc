package pt.sunbeam.trainer.dataset;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import pt.sunbeam.detector.audit.Reasons;
import pt.sunbeam.trainer.read.Account;

/**
 * Gathers rows of all sources and writes the dataset file. What it keeps in memory of a request is the hash of it.
 *
 * <p>A request that is there already is dropped, and an attack that is benign anywhere is dropped too, also where the benign one comes later: so rows
 * wait in a temporary file until all sources are read.
 */
public final class DatasetBuilder implements AutoCloseable {
    private final long seed;
    private final Path spooled;
    private final Path packed;
    private final DataOutputStream spool;
    private final RowBytes bytes = new RowBytes();
    private final RequestKeys keys = new RequestKeys();
    private final List<Tally> sources = new ArrayList<>();
    private final Map<String, long[]> folds = new TreeMap<>();
    private final List<Map<Role, Integer>> unjudged = new ArrayList<>();
    private final Map<String, List<String>> notes = new TreeMap<>();

    /** What comes of one file. */
    public static final class Tally {
        private final String set;
        private final String file;
        private final String sha256;
        private final List<Reasons.Count> setAside = new ArrayList<>();
        private final Reasons impossible = new Reasons();
        private final long[] requests = new long[2];
        private final long[] windows = new long[2];
        private long lines;
        private long duplicates;
        private long contradicted;
        private long unlabelled;

        private Tally(String set, String file, String sha256) {
            this.set = set;
            this.file = file;
            this.sha256 = sha256;
        }

        /** One line or record was read. */
        void line() {
            lines++;
        }

        /** What its reader has to say of a whole file. */
        void account(Account account) {
            lines = account.records();
            setAside.addAll(account.foreign().counts());
            setAside.addAll(account.malformed().counts());
            setAside.addAll(account.leftOut().counts());
        }

        /** Nothing says the label of a request. */
        void unlabelled() {
            unlabelled++;
        }

        /** A line that was read, and yet gives no row. */
        void setAside(String reason, long line) {
            impossible.add(reason, line);
        }

        private Header.Source source() {
            var reasons = new ArrayList<>(setAside);
            reasons.addAll(impossible.counts());
            return new Header.Source(
                    set,
                    file,
                    sha256,
                    lines,
                    new Header.Rows(requests[0], requests[1]),
                    new Header.Rows(windows[0], windows[1]),
                    duplicates,
                    contradicted,
                    unlabelled,
                    reasons);
        }
    }

    public DatasetBuilder(long seed) throws IOException {
        this.seed = seed;
        spooled = Files.createTempFile("sunbeam-rows", ".spool");
        packed = Files.createTempFile("sunbeam-rows", ".gz");
        spool = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(spooled), 1 << 16));
        for (int fold = 0; fold < Folds.COUNT; fold++) {
            unjudged.add(new EnumMap<>(Role.class));
        }
    }

    /** Rows added from now on are of this file. */
    public Tally begin(String set, String file, String sha256) {
        var tally = new Tally(set, file, sha256);
        sources.add(tally);
        return tally;
    }

    /** Adds a request unless it is there already. */
    void add(RequestRow row) {
        add(RequestKeys.of(row), row.attack(), () -> row);
    }

    /** The same; the row is only made if it is new. */
    void add(long key, boolean attack, Supplier<RequestRow> row) {
        var tally = sources.getLast();
        int label = attack ? RequestKeys.ATTACK : RequestKeys.NORMAL;
        int known = keys.add(key, label);
        if (attack && (known & RequestKeys.NORMAL) != 0) {
            tally.contradicted++;
        } else if ((known & label) != 0) {
            tally.duplicates++;
        } else {
            tally.requests[attack ? 1 : 0]++;
            write(row.get(), key);
        }
    }

    void add(WindowRow row) {
        sources.getLast().windows[row.attack() ? 1 : 0]++;
        write(row, 0);
    }

    /** A benign client's day of too few requests to be judged. */
    void unjudged(String group) {
        unjudged.get(Folds.of(group)).merge(Folds.role(group), 1, Integer::sum);
    }

    /** Something that a reader of figures must know about a table. */
    void note(String table, String note) {
        notes.computeIfAbsent(table, _ -> new ArrayList<>()).add(note);
    }

    /** Rows kept so far of both tables; attacks may yet turn out benign. */
    public long rows() {
        return sources.stream()
                .map(Tally::source)
                .mapToLong(
                        source -> source.requests().total() + source.windows().total())
                .sum();
    }

    /** Benign windows kept so far. */
    long benignWindows() {
        return sources.stream().mapToLong(tally -> tally.windows[0]).sum();
    }

    /** Writes the file, whole or not at all. */
    public Header finish(Path output) throws IOException {
        long rows = rows();
        spool.close();
        long kept = 0;
        var buffer = new byte[1 << 16];
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(spooled), 1 << 16));
                var out = new FastGzip(Files.newOutputStream(packed))) {
            for (long i = 0; i < rows; i++) {
                var tally = sources.get(in.readInt());
                boolean request = in.readBoolean();
                boolean attack = in.readBoolean();
                int fold = in.readByte();
                long key = in.readLong();
                int length = in.readInt();
                buffer = buffer.length < length ? new byte[length] : buffer;
                in.readFully(buffer, 0, length);
                if (request && attack && keys.contains(key, RequestKeys.NORMAL)) {
                    tally.requests[1]--;
                    tally.contradicted++;
                    continue;
                }
                folds.computeIfAbsent(request ? Header.REQUESTS : Header.WINDOWS, _ -> new long[Folds.COUNT])[fold]++;
                out.write(buffer, 0, length);
                kept++;
            }
        }
        var header = summary();
        DatasetFile.write(output, header, packed, kept);
        return header;
    }

    /** What would stand in the file's header now. */
    public Header summary() {
        var counts = new TreeMap<String, List<Long>>();
        folds.forEach((table, byFold) ->
                counts.put(table, Arrays.stream(byFold).boxed().toList()));
        var version = DatasetBuilder.class.getPackage().getImplementationVersion();
        return new Header(
                Header.VERSION,
                "sunbeam " + (version == null ? "development" : version),
                seed,
                sources.stream().map(Tally::source).toList(),
                Header.Features.OF_DETECTORS,
                new Header.Window(ClientWindows.WINDOW_MILLIS, ClientWindows.CAPACITY, ClientWindows.MIN_EVENTS),
                counts,
                unjudged,
                notes);
    }

    private void write(LabelledRow row, long key) {
        bytes.clear();
        RowCodec.write(row, bytes);
        try {
            spool.writeInt(sources.size() - 1);
            spool.writeBoolean(row instanceof RequestRow);
            spool.writeBoolean(row.attack());
            spool.writeByte(row.origin().fold());
            spool.writeLong(key);
            spool.writeInt(bytes.size());
            bytes.writeTo(spool);
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }

    @Override
    public void close() throws IOException {
        spool.close();
        Files.deleteIfExists(spooled);
        Files.deleteIfExists(packed);
    }

    /** Rows are much alike: the fastest level packs them well. */
    private static final class FastGzip extends GZIPOutputStream {
        private FastGzip(OutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
