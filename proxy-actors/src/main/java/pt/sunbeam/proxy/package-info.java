/** The proxy as a whole: what starts, what stops, in which order. */
@NullMarked
package pt.sunbeam.proxy;

import org.jspecify.annotations.NullMarked;
