/** Figures of a run, and the model card that keeps them. */
@NullMarked
package pt.sunbeam.trainer.report;

import org.jspecify.annotations.NullMarked;
