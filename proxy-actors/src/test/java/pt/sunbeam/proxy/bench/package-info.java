/** What {@code bench/tools} and {@code bench/benign} put around the proxy: a site with real holes, and a record of what tools sent. Test scope. */
@NullMarked
package pt.sunbeam.proxy.bench;

import org.jspecify.annotations.NullMarked;
