package pt.sunbeam.trainer.dataset;

import org.jspecify.annotations.Nullable;
import pt.sunbeam.trainer.read.DataFile;
import pt.sunbeam.trainer.read.RecordedRequest;

/** From what a reader found to rows. */
final class Requests {
    private Requests() {}

    /**
     * A recorded request as a row; null where its target is no path that a server would read.
     *
     * <p>A benign request is split by the site that the reader names. An attack is split by its template: by the reader's (nuclei), else by the shape
     * of the attack string, else by that of target and body.
     */
    static @Nullable RequestRow of(
            DataFile file, RecordedRequest request, boolean attack, String family, String source, double weight) {
        var target = Targets.origin(request.target());
        if (!Targets.isOriginForm(target)) {
            return null;
        }
        var payload = attack ? Targets.payload(target, request.body()) : null;
        var group = request.group();
        if (attack) {
            var text = payload != null ? payload : request.body().isEmpty() ? target : target + "?" + request.body();
            boolean named = !group.equals(family) && !group.equals(source);
            group = named ? source + " " + group : family + " " + Targets.template(text);
        }
        var origin = Origin.of(
                source, file.name(), request.line(), attack ? "" : request.group(), "", family, group, -1);
        return new RequestRow(
                origin,
                attack,
                weight,
                payload != null,
                request.method(),
                target,
                request.fields(),
                request.body(),
                0);
    }
}
