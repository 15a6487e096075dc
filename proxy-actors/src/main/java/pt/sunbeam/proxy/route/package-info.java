/** From host and path to a backend. */
@NullMarked
package pt.sunbeam.proxy.route;

import org.jspecify.annotations.NullMarked;
