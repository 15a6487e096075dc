/** The only package that sees pekko-http or sockets. */
@NullMarked
package pt.sunbeam.proxy.wire;

import org.jspecify.annotations.NullMarked;
