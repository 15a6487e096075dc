/** Integer models at run time: quantiser, decision tree, multilayer perceptron. */
@NullMarked
package pt.sunbeam.detector.model;

import org.jspecify.annotations.NullMarked;
