@NullMarked
package pt.sunbeam.proxy.limit;

import org.jspecify.annotations.NullMarked;
