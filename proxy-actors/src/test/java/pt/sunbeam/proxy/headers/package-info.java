@NullMarked
package pt.sunbeam.proxy.headers;

import org.jspecify.annotations.NullMarked;
