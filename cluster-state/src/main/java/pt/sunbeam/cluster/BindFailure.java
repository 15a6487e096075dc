package pt.sunbeam.cluster;

/** A port of the cluster cannot be bound: it is taken, or this process may not. The message names the configuration key and the address. */
public final class BindFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    BindFailure(String key, String host, int port, Throwable cause) {
        super("%s: cannot listen on %s:%d: %s".formatted(key, host, port, root(cause)), cause);
    }

    private static String root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
