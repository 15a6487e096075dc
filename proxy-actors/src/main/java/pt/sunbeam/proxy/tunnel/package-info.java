/** Connections that have switched to another protocol: how many there are, how long they may be idle, and how they end. */
@NullMarked
package pt.sunbeam.proxy.tunnel;

import org.jspecify.annotations.NullMarked;
