/** Reading the configuration again: when, how, and what is kept of it over restarts. */
@NullMarked
package pt.sunbeam.proxy.reload;

import org.jspecify.annotations.NullMarked;
