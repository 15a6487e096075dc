package pt.sunbeam.proxy.startup;

import org.jspecify.annotations.Nullable;

/** Why the proxy cannot start; the message names the cause for the person who started it. */
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartFailure(String message) {
        this(message, null);
    }

    public StartFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
