/** Datasets, fitting, export. */
@NullMarked
package pt.sunbeam.trainer;

import org.jspecify.annotations.NullMarked;
