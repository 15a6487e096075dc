@NullMarked
package pt.sunbeam.proxy.tunnel;

import org.jspecify.annotations.NullMarked;
