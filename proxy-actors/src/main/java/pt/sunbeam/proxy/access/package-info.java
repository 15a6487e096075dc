/** Who the client is. */
@NullMarked
package pt.sunbeam.proxy.access;

import org.jspecify.annotations.NullMarked;
