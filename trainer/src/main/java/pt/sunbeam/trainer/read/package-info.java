/** Readers of public data sets: each yields rows in file order, and a fault names file and line. */
@NullMarked
package pt.sunbeam.trainer.read;

import org.jspecify.annotations.NullMarked;
