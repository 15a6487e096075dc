package pt.sunbeam.proxy.message;

import org.jspecify.annotations.Nullable;

/** An engine's word that the client's connection ended before its exchange did. Signalled at most once, heard at most once. */
public final class ClientGone {
    private @Nullable Runnable listener;
    private boolean signalled;

    /** Runs {@code action} when the client goes, at once if it has gone already. */
    public void whenSignalled(Runnable action) {
        synchronized (this) {
            if (!signalled) {
                listener = action;
                return;
            }
        }
        action.run();
    }

    public void signal() {
        Runnable heard;
        synchronized (this) {
            heard = signalled ? null : listener;
            signalled = true;
        }
        if (heard != null) {
            heard.run();
        }
    }
}
