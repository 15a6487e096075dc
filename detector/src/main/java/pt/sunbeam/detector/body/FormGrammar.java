package pt.sunbeam.detector.body;

import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.canon.ValueVisitor;

/** {@code application/x-www-form-urlencoded}: names and values between "&" and the first "=" (WHATWG URL section 5.1);
 * both together are one value where the name could hold more than a name. Nothing is malformed in it. */
final class FormGrammar extends Grammar {
    private final ValueVisitor visitor;
    private final Name name;
    private boolean inValue;

    FormGrammar(ValueVisitor visitor) {
        this.visitor = visitor;
        name = new Name(visitor);
    }

    void begin() {
        name.clear();
        inValue = false;
    }

    @Override
    int feed(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int run = at;
            if (inValue) {
                while (run < to && bytes[run] != '&') {
                    run++;
                }
                if (run > at) {
                    visitor.more(bytes, at, run);
                }
                if (run < to) {
                    visitor.end();
                    begin();
                }
            } else {
                while (run < to && bytes[run] != '&' && bytes[run] != '=') {
                    run++;
                }
                name.add(Place.FORM, bytes, at, run);
                if (run < to && bytes[run] == '=') {
                    beginValue(bytes, run);
                } else if (run < to) {
                    name.end(Place.FORM);
                    begin();
                }
            }
            at = run + 1;
        }
        return to;
    }

    /** Behind a name that could hold more than a name the value goes on, so that a payload stays whole that is split at the equals sign. */
    private void beginValue(byte[] bytes, int equals) {
        if (name.isVisited()) {
            visitor.more(bytes, equals, equals + 1);
        } else {
            name.end(Place.FORM);
            name.beginValue(Place.FORM);
        }
        inValue = true;
    }

    @Override
    boolean end() {
        if (inValue) {
            visitor.end();
        } else {
            name.end(Place.FORM);
        }
        begin();
        return true;
    }
}
