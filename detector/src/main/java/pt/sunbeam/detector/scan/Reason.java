package pt.sunbeam.detector.scan;

import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.lexicon.Channel;

/**
 * Why a request looks like an attack: one channel's strongest segment. Of the value only that segment is kept, so the rest of it cannot leak.
 *
 * @param name of the value, its first {@value Evidence#NAME} bytes; bytes that are not printable ASCII as {@code \xHH}; empty where it has none
 * @param segment of the value's canonical text, its first {@value Evidence#SEGMENT} bytes, written likewise
 * @param score in lexicon steps, the bar of the place taken off
 */
public record Reason(Channel channel, Place place, String name, String segment, int score) {}
