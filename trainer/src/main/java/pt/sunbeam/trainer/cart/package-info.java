/** A decision tree (CART) over quantised features. */
@NullMarked
package pt.sunbeam.trainer.cart;

import org.jspecify.annotations.NullMarked;
