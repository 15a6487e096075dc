package pt.sunbeam.detector.canon;

/** Tells two visitors the same. */
public record TwoVisitors(ValueVisitor first, ValueVisitor second) implements ValueVisitor {
    @Override
    public void begin(Place place, byte[] bytes, int nameFrom, int nameTo) {
        first.begin(place, bytes, nameFrom, nameTo);
        second.begin(place, bytes, nameFrom, nameTo);
    }

    @Override
    public void more(byte[] bytes, int from, int to) {
        first.more(bytes, from, to);
        second.more(bytes, from, to);
    }

    @Override
    public void end() {
        first.end();
        second.end();
    }

    @Override
    public void value(Place place, byte[] bytes, int nameFrom, int nameTo, int from, int to) {
        first.value(place, bytes, nameFrom, nameTo, from, to);
        second.value(place, bytes, nameFrom, nameTo, from, to);
    }

    @Override
    public void scalar(Place place, byte[] bytes, int nameFrom, int nameTo, byte[] scalar, int from, int to) {
        first.scalar(place, bytes, nameFrom, nameTo, scalar, from, to);
        second.scalar(place, bytes, nameFrom, nameTo, scalar, from, to);
    }
}
