/** Requests and responses as all parts of the data plane speak of them; no engine's types among them. */
@NullMarked
package pt.sunbeam.proxy.message;

import org.jspecify.annotations.NullMarked;
