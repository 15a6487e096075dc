@NullMarked
package pt.sunbeam.proxy.orders;

import org.jspecify.annotations.NullMarked;
