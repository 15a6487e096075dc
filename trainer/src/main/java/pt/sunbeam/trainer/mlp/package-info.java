/** A multilayer perceptron of integers, fitted with DJL/PyTorch. */
@NullMarked
package pt.sunbeam.trainer.mlp;

import org.jspecify.annotations.NullMarked;
