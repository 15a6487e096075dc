/** What the detectors would have made of a log. */
@NullMarked
package pt.sunbeam.proxy.replay;

import org.jspecify.annotations.NullMarked;
