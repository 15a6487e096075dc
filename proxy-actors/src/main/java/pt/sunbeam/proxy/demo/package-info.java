/** The demo: a built-in site behind the proxy. */
@NullMarked
package pt.sunbeam.proxy.demo;

import org.jspecify.annotations.NullMarked;
