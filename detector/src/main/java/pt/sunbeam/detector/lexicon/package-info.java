/** What attacks are made of: weights of three-letter pieces of canonical text, and the segment of a text where they add up to most. */
@NullMarked
package pt.sunbeam.detector.lexicon;

import org.jspecify.annotations.NullMarked;
