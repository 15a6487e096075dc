/** Exceptions that an operator may want, found in the audit log. */
@NullMarked
package pt.sunbeam.proxy.suggest;

import org.jspecify.annotations.NullMarked;
