package pt.sunbeam.proxy.reload;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pt.sunbeam.config.ConfigReader;

/**
 * Notices when files no longer hold what they held when they were read.
 *
 * <p>It watches directories, not files: an editor renames a new file over the old one, and Kubernetes swaps a link two steps before the file. What counts is the
 * content alone. File systems that tell nothing are looked at now and then.
 */
public final class ConfigWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ConfigWatch.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    /** So long nothing may happen before files are looked at, for who writes a file does so in steps; */
    private static final Duration QUIET = Duration.ofMillis(200);

    /** but a directory that is never quiet is looked at this often. */
    private static final int MOST_QUIETS = 10;

    private static final int MOST_LINKS = 16;

    private final Supplier<Map<Path, String>> read;
    private final Runnable onChange;
    private final @Nullable WatchService service;
    private final Map<Path, WatchKey> watched = new HashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Watches until it is closed.
     *
     * @param read the files and what {@link ConfigReader#digest} said of them when they were read last; asked again each time
     * @param onChange called by the watch's own thread, and again after each look until {@code read} has caught up
     */
    public static ConfigWatch start(Supplier<Map<Path, String>> read, Runnable onChange) {
        var watch = new ConfigWatch(read, onChange);
        watch.register();
        watch.thread.start();
        return watch;
    }

    private ConfigWatch(Supplier<Map<Path, String>> read, Runnable onChange) {
        this.read = read;
        this.onChange = onChange;
        service = service();
        thread = Thread.ofPlatform().name("config-watch").daemon().unstarted(this::run);
    }

    private static @Nullable WatchService service() {
        try {
            return FileSystems.getDefault().newWatchService();
        } catch (IOException | UnsupportedOperationException none) {
            log.warn("Directories cannot be watched ({}): configuration is looked at every 10 s", none.toString());
            return null;
        }
    }

    private void run() {
        while (!closed) {
            try {
                // what changed between the reading and the watch is seen at the first look
                if (hasChanged()) {
                    onChange.run();
                }
                await();
                register();
            } catch (InterruptedException | ClosedWatchServiceException stopped) {
                return;
            } catch (RuntimeException bug) {
                log.error("Looking for changes of the configuration failed", bug);
            }
        }
    }

    private boolean hasChanged() {
        return read.get().entrySet().stream()
                .anyMatch(file -> !ConfigReader.digest(file.getKey()).equals(file.getValue()));
    }

    /** Until something has happened and no more does, or it is time to look again. */
    private void await() throws InterruptedException {
        if (service == null) {
            Thread.sleep(LOOK_AGAIN);
            return;
        }
        WatchKey key = service.poll(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        for (int quiets = 0; key != null && quiets < MOST_QUIETS; quiets++) {
            key.pollEvents();
            if (!key.reset()) {
                watched.values().remove(key);
            }
            key = service.poll(QUIET.toMillis(), TimeUnit.MILLISECONDS);
        }
        if (key != null) {
            key.pollEvents();
            key.reset();
        }
    }

    /** Watches the directories that matter now, and no others. */
    private void register() {
        if (service == null) {
            return;
        }
        var wanted = new HashSet<Path>();
        read.get().keySet().forEach(file -> addDirectories(file.toAbsolutePath(), wanted));
        watched.entrySet().removeIf(entry -> {
            boolean gone = !wanted.contains(entry.getKey()) || !entry.getValue().isValid();
            if (gone) {
                entry.getValue().cancel();
            }
            return gone;
        });
        for (Path directory : wanted) {
            if (!watched.containsKey(directory)) {
                try {
                    watched.put(
                            directory,
                            directory.register(
                                    service,
                                    StandardWatchEventKinds.ENTRY_CREATE,
                                    StandardWatchEventKinds.ENTRY_MODIFY,
                                    StandardWatchEventKinds.ENTRY_DELETE));
                } catch (IOException notThere) {
                    log.debug("{} cannot be watched: {}", directory, notThere.toString());
                }
            }
        }
    }

    /** Those of a file and of all that links on the way to it stand for. */
    private static void addDirectories(Path file, Set<Path> directories) {
        Path at = file;
        try {
            for (int links = 0; links < MOST_LINKS; links++) {
                directories.add(at.getParent());
                if (!Files.isSymbolicLink(at)) {
                    break;
                }
                at = at.resolveSibling(Files.readSymbolicLink(at));
            }
            directories.add(file.toRealPath().getParent());
        } catch (IOException dangling) {
            log.debug("{} leads nowhere: {}", file, dangling.toString());
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            if (service != null) {
                service.close();
            }
        } catch (IOException e) {
            log.debug("The watch did not close", e);
        }
    }
}
