/** Commands. */
@NullMarked
package pt.sunbeam.trainer.cli;

import org.jspecify.annotations.NullMarked;
