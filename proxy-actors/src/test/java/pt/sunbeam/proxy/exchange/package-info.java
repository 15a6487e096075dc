@NullMarked
package pt.sunbeam.proxy.exchange;

import org.jspecify.annotations.NullMarked;
