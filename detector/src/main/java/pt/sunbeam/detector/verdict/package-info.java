/** What a detector says of an address, and what is done about it. */
@NullMarked
package pt.sunbeam.detector.verdict;

import org.jspecify.annotations.NullMarked;
