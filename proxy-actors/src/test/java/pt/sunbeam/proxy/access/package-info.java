@NullMarked
package pt.sunbeam.proxy.access;

import org.jspecify.annotations.NullMarked;
