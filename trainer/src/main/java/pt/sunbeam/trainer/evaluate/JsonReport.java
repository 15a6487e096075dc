package pt.sunbeam.trainer.evaluate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/** An evaluation as one JSON object; what is "-" in the table is null. */
public final class JsonReport {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonReport() {}

    public static String of(Subject subject, Evaluation evaluation) {
        var root = NODES.objectNode();
        root.put("detector", subject.detector()).put("data", subject.data()).put("benign_units", subject.units());
        root.put("fitted_rows", evaluation.pooled().fitted());
        var models = root.putArray("models");
        for (var model : subject.models()) {
            var object = models.addObject().put("name", model.name()).put("sha256", model.sha256());
            model.heldOut()
                    .ifPresentOrElse(fold -> object.put("held_out_fold", fold), () -> object.putNull("held_out_fold"));
        }
        var notes = root.putArray("notes");
        subject.notes().forEach(notes::add);
        root.set("pooled", slice(evaluation.pooled()));
        root.set("worst_fold", worst(evaluation.folds()));
        folds(root, evaluation.folds());
        var sources = root.putArray("data_sets");
        evaluation.sources().forEach((name, source) -> {
            var set = sources.addObject().put("data_set", name);
            set.set("pooled", slice(source.pooled()));
            set.set("worst_fold", worst(source.folds()));
            folds(set, source.folds());
        });
        return root.toPrettyString() + "\n";
    }

    private static void folds(ObjectNode parent, Map<Integer, Slice> folds) {
        var array = parent.putArray("folds");
        folds.forEach((number, fold) -> {
            var object = array.addObject().put("fold", number);
            object.setAll(slice(fold));
        });
    }

    private static ObjectNode slice(Slice slice) {
        var object = NODES.objectNode()
                .put("fitted_rows", slice.fitted())
                .put("attack_rows", slice.attacks())
                .put("benign_rows", slice.benign())
                .put("ranked_with_other_data_sets", slice.borrowed());
        for (var figure : Figure.ALL) {
            var value = figure.value().apply(slice);
            if (value.isPresent()) {
                object.put(figure.key(), value.getAsDouble());
            } else {
                object.putNull(figure.key());
            }
        }
        var intervals = object.putObject("intervals_95");
        for (var figure : Figure.ALL) {
            Optional<Interval> interval =
                    slice.fitted() ? Optional.empty() : figure.interval().apply(slice);
            interval.ifPresent(
                    found -> intervals.putArray(figure.key()).add(found.low()).add(found.high()));
        }
        var thresholds = object.putArray("thresholds");
        for (var at : slice.at()) {
            var threshold = thresholds
                    .addObject()
                    .put("budget", at.budget())
                    .put("recall", at.recall())
                    .put("false_positive_rate", at.falsePositives());
            if (Double.isFinite(at.threshold())) {
                threshold.put("log_odds", at.threshold());
            } else {
                threshold.putNull("log_odds");
            }
        }
        slice.sites().ifPresent(sites -> sites(object.putObject("sites"), sites));
        var bins = object.putArray("reliability");
        for (var bin : slice.reliability().bins()) {
            bins.addObject()
                    .put("from", bin.low())
                    .put("to", bin.high())
                    .put("rows", bin.rows())
                    .put("mean_probability", bin.probability())
                    .put("attack_share", bin.attacks());
        }
        return object;
    }

    private static void sites(ObjectNode object, Sites sites) {
        object.put("sites", sites.count())
                .put("benign_units", sites.units())
                .put("blocked_units", sites.blocked())
                .put("median", sites.median());
        object.putObject("worst")
                .put("site", sites.worst().name())
                .put("data_set", sites.worst().source())
                .put("benign_units", sites.worst().units())
                .put("blocked_units", sites.worst().blocked());
    }

    private static ObjectNode worst(Map<Integer, Slice> folds) {
        var object = NODES.objectNode();
        for (var figure : Figure.ALL) {
            figure.worst(folds)
                    .ifPresentOrElse(
                            worst -> object.putObject(figure.key())
                                    .put("fold", worst.fold())
                                    .put("value", worst.value()),
                            () -> object.putNull(figure.key()));
        }
        return object;
    }
}
