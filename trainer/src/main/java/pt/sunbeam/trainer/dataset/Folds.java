package pt.sunbeam.trainer.dataset;

/**
 * Folds by a committed hash of what must stay together: a benign site, a family of payloads, a client network. Neither seed nor order of the data
 * moves a group, so that models of different runs can be compared on the same rows.
 */
public final class Folds {
    /** Folds are numbered from 0 to this, exclusive. */
    public static final int COUNT = 5;

    private static final long FOLD_SALT = 0x73756e6265616d31L;
    private static final long ROLE_SALT = 0x73756e6265616d32L;

    private Folds() {}

    /** The fold of a group. */
    public static int of(String group) {
        return Math.floorMod(Hash.of(group, FOLD_SALT), COUNT);
    }

    /** What a group's rows are for wherever its fold is not held out: 12 % validation, 19 % calibration, 69 % train. */
    public static Role role(String group) {
        int percent = Math.floorMod(Hash.of(group, ROLE_SALT), 100);
        return percent < 12 ? Role.VALIDATION : percent < 31 ? Role.CALIBRATION : Role.TRAIN;
    }
}
