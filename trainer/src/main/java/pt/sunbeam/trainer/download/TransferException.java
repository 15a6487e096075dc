package pt.sunbeam.trainer.download;

import java.io.IOException;

/** What keeps a file from being fetched, fit to be shown; it knows whether trying again may help. */
final class TransferException extends IOException {
    private static final long serialVersionUID = 1;

    private final boolean temporary;

    private TransferException(String fault, boolean temporary) {
        super(fault);
        this.temporary = temporary;
    }

    static TransferException lasting(String fault) {
        return new TransferException(fault, false);
    }

    static TransferException temporary(String fault) {
        return new TransferException(fault, true);
    }

    boolean isTemporary() {
        return temporary;
    }
}
