/** What operators order for single addresses while the proxy runs. */
@NullMarked
package pt.sunbeam.proxy.orders;

import org.jspecify.annotations.NullMarked;
