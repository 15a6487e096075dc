package pt.sunbeam.detector.scan;

import pt.sunbeam.detector.canon.Place;

/** What an operator excepts from inspection in one route. Called for each value: allocates nothing. */
@FunctionalInterface
public interface Exemptions {
    /** All channels: the value is not looked at. */
    int ALL = -1;

    /** No exception. */
    Exemptions NONE = (_, _, _, _) -> 0;

    /** The channels ({@code Channel.bit}) that do not count for the value of that place and name, or {@link #ALL}. */
    int of(Place place, byte[] bytes, int nameFrom, int nameTo);
}
