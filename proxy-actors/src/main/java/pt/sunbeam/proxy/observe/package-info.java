/** Audit log, metrics, health. */
@NullMarked
package pt.sunbeam.proxy.observe;

import org.jspecify.annotations.NullMarked;
