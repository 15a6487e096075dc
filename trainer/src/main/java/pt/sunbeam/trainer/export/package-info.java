/** From fitted parts to the integer model: calibration, checks, files. */
@NullMarked
package pt.sunbeam.trainer.export;

import org.jspecify.annotations.NullMarked;
