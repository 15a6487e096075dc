package pt.sunbeam.trainer.read;

import pt.sunbeam.detector.audit.LogLines;
import pt.sunbeam.detector.audit.Reasons;

/**
 * What became of every record of a file: taken, left out by a rule of its reader, foreign (another kind of record), or malformed. A record is a line, but for
 * CSIC a request and for ModSecurity an entry. Lines are numbered from 1.
 */
public final class Account {
    private long taken;
    private final Reasons leftOut;
    private final Reasons foreign;
    private final Reasons malformed;

    Account() {
        this(0, new Reasons(), new Reasons());
    }

    private Account(long taken, Reasons foreign, Reasons malformed) {
        this.taken = taken;
        leftOut = new Reasons();
        this.foreign = foreign;
        this.malformed = malformed;
    }

    public static Account of(LogLines<?> lines) {
        return new Account(lines.parsed(), lines.foreign(), lines.malformed());
    }

    void take() {
        taken++;
    }

    void add(SetAside reason, long line) {
        switch (reason.kind()) {
            case LEFT_OUT -> leftOut.add(reason.text(), line);
            case FOREIGN -> foreign.add(reason.text(), line);
            case MALFORMED -> malformed.add(reason.text(), line);
        }
    }

    /** All records. */
    public long records() {
        return taken + leftOut.total() + foreign.total() + malformed.total();
    }

    /** Records handed on. */
    public long taken() {
        return taken;
    }

    /** Sound records that the reader's rules leave out: blank lines and comments of word lists, probes of what users ask for too. */
    public Reasons leftOut() {
        return leftOut;
    }

    public Reasons foreign() {
        return foreign;
    }

    public Reasons malformed() {
        return malformed;
    }

    /**
     * This account, if anything could be read.
     *
     * @throws DataException if the file has no record, or none that is foreign or malformed in no way
     */
    public Account orNothingRead(DataFile file) throws DataException {
        if (taken + leftOut.total() > 0) {
            return this;
        }
        if (records() == 0) {
            throw new DataException(file.path(), "nothing in it");
        }
        var first = (malformed.total() >= foreign.total() ? malformed : foreign)
                .counts()
                .getFirst();
        throw new DataException(
                file.path(),
                first.firstLine(),
                "%s; none of %,d records could be read".formatted(first.reason(), records()));
    }
}
