package pt.sunbeam.trainer.evaluate;

import java.util.List;

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
     */
    public record Used(String name, String sha256, int heldOutFold) {}

    public Subject {
        models = List.copyOf(models);
        notes = List.copyOf(notes);
    }
}
