@NullMarked
package pt.sunbeam.proxy.route;

import org.jspecify.annotations.NullMarked;
