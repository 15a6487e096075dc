/** From a request head to whole numbers: the same for training, service and replay. */
@NullMarked
package pt.sunbeam.detector.feature;

import org.jspecify.annotations.NullMarked;
