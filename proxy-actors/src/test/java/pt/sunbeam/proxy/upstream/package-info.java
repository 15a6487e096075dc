@NullMarked
package pt.sunbeam.proxy.upstream;

import org.jspecify.annotations.NullMarked;
