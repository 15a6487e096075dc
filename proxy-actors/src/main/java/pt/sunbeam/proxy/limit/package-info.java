/** How many requests a client may send. */
@NullMarked
package pt.sunbeam.proxy.limit;

import org.jspecify.annotations.NullMarked;
