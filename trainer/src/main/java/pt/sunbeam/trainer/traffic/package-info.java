/** Traffic over real sockets, to be recorded: floods from many addresses, and people. Loopback addresses only. */
@NullMarked
package pt.sunbeam.trainer.traffic;

import org.jspecify.annotations.NullMarked;
