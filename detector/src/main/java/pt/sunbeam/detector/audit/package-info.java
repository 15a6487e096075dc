/** The audit line: its writer and its reader, together. */
@NullMarked
package pt.sunbeam.detector.audit;

import org.jspecify.annotations.NullMarked;
