/** The integer model format, its emitters for Java and Lean, and test vectors. */
@NullMarked
package pt.sunbeam.codegen;

import org.jspecify.annotations.NullMarked;
