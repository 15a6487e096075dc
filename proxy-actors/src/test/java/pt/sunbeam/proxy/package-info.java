@NullMarked
package pt.sunbeam.proxy;

import org.jspecify.annotations.NullMarked;
