/** What stops a start. It sees no other package of the proxy, so that all may use it. */
@NullMarked
package pt.sunbeam.proxy.startup;

import org.jspecify.annotations.NullMarked;
