/** The inspection of one request: its values made canonical, weighed by the lexicon, and summed up as features and reasons. */
@NullMarked
package pt.sunbeam.detector.scan;

import org.jspecify.annotations.NullMarked;
