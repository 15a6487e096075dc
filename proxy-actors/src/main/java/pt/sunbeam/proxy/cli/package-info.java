/** The commands. */
@NullMarked
package pt.sunbeam.proxy.cli;

import org.jspecify.annotations.NullMarked;
