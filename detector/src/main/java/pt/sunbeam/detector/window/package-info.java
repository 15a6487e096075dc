/** The events of one client address over a sliding window of time. */
@NullMarked
package pt.sunbeam.detector.window;

import org.jspecify.annotations.NullMarked;
