@NullMarked
package pt.sunbeam.proxy.explain;

import org.jspecify.annotations.NullMarked;
