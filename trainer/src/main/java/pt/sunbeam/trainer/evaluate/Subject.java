package pt.sunbeam.trainer.evaluate;

import java.util.List;
import java.util.OptionalInt;

/**
 * What was evaluated.
 *
 * @param detector "scanner" or "ddos"
 * @param units what benign units are: "requests", "client days or runs"
 * @param data where the rows come from, for people
 * @param notes what a reader of the figures must know
 */
public record Subject(String detector, String units, String data, List<Used> models, List<String> notes) {
    /**
     * A model and the fold that it was fitted without.
     *
     * @param name of the model, or its file
     * @param heldOut a fold or {@link Scored#LAST_FIFTH}; empty where no training record tells
     */
    public record Used(String name, String sha256, OptionalInt heldOut) {
        /** What the fit saw, for people. */
        String fit() {
            return heldOut.isEmpty() ? "fitted on rows not known" : "fitted without " + Texts.fold(heldOut.getAsInt());
        }
    }

    public Subject {
        models = List.copyOf(models);
        notes = List.copyOf(notes);
    }
}
