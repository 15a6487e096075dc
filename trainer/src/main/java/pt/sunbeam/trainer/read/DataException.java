package pt.sunbeam.trainer.read;

import java.io.IOException;
import java.nio.file.Path;

/** A data set that cannot be read; the message names the file and, where one is at fault, the line. */
public final class DataException extends IOException {
    private static final long serialVersionUID = 1;

    public DataException(Path file, String fault) {
        super(file + ": " + fault);
    }

    public DataException(Path file, long line, String fault) {
        super(file + ":" + line + ": " + fault);
    }
}
