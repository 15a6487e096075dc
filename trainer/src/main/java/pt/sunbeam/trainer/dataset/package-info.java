/** Labelled rows of raw features, made by the detector's own extractors, and their split. */
@NullMarked
package pt.sunbeam.trainer.dataset;

import org.jspecify.annotations.NullMarked;
