/** Finds the values in the body of a request, whatever its type, as its bytes stream by: in constant memory, and never failing. */
@NullMarked
package pt.sunbeam.detector.body;

import org.jspecify.annotations.NullMarked;
