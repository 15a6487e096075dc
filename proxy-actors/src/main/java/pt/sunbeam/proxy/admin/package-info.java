/** What operators ask of a running proxy and order it to do. It sees no engine. */
@NullMarked
package pt.sunbeam.proxy.admin;

import org.jspecify.annotations.NullMarked;
