/** Header rules between the client and the upstream (RFC 9110 section 7.6). */
@NullMarked
package pt.sunbeam.proxy.headers;

import org.jspecify.annotations.NullMarked;
