/** Where values stand in a request, and the canonical text that they stand for: decoded, case-folded, with comments and white space made plain. */
@NullMarked
package pt.sunbeam.detector.canon;

import org.jspecify.annotations.NullMarked;
