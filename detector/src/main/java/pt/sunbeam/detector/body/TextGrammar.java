package pt.sunbeam.detector.body;

import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.canon.ValueVisitor;

/** Text without structure: one value, none where it is empty. */
final class TextGrammar extends Grammar {
    private final ValueVisitor visitor;
    private final Name name;
    private Place place = Place.TEXT;
    private boolean open;

    /** @param name of the value, read when it begins */
    TextGrammar(ValueVisitor visitor, Name name) {
        this.visitor = visitor;
        this.name = name;
    }

    void begin(Place valuesPlace) {
        place = valuesPlace;
        open = false;
    }

    @Override
    int feed(byte[] bytes, int from, int to) {
        if (from < to) {
            if (!open) {
                name.beginValue(place);
                open = true;
            }
            visitor.more(bytes, from, to);
        }
        return to;
    }

    @Override
    boolean end() {
        if (open) {
            visitor.end();
            open = false;
        }
        return true;
    }
}
