/** Cuts that turn raw features into bytes, learnt from training rows. */
@NullMarked
package pt.sunbeam.trainer.quantise;

import org.jspecify.annotations.NullMarked;
