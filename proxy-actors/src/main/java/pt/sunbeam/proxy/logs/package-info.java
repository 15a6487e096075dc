/** Audit lines for people: filtered, in columns, followed as they are written. */
@NullMarked
package pt.sunbeam.proxy.logs;

import org.jspecify.annotations.NullMarked;
