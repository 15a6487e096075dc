@NullMarked
package pt.sunbeam.proxy.wire;

import org.jspecify.annotations.NullMarked;
