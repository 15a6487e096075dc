/** The words of HTTP that all modules speak, backed by bytes and offsets (RFC 9110, RFC 9112). */
@NullMarked
package pt.sunbeam.detector.http;

import org.jspecify.annotations.NullMarked;
