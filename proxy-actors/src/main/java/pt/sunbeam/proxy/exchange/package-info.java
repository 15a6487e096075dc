/** The life of a request: the exchange types and the lifecycle. */
@NullMarked
package pt.sunbeam.proxy.exchange;

import org.jspecify.annotations.NullMarked;
