/** What the detectors make of one request, step by step. */
@NullMarked
package pt.sunbeam.proxy.explain;

import org.jspecify.annotations.NullMarked;
