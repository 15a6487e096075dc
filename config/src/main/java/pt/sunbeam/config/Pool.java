package pt.sunbeam.config;

import java.util.List;

/**
 * The backends that share the requests of a route.
 *
 * @param backends at least one
 */
public record Pool(List<Backend> backends) {
    public Pool {
        backends = List.copyOf(backends);
    }

    public static Pool of(Backend backend) {
        return new Pool(List.of(backend));
    }

    static Pool read(Section section) {
        return of(Backend.read(section));
    }

    /** Whether a section names backends at all. */
    static boolean isIn(Section section) {
        return section.has("backend");
    }

    /** The only backend there is. */
    public Backend only() {
        return backends.getFirst();
    }
}
