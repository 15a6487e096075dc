/** How good a model is on rows that it was not fitted on, and how sure that is. */
@NullMarked
package pt.sunbeam.trainer.evaluate;

import org.jspecify.annotations.NullMarked;
