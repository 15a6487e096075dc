/** Keyed hashing of byte ranges. */
@NullMarked
package pt.sunbeam.detector.hash;

import org.jspecify.annotations.NullMarked;
