@NullMarked
package pt.sunbeam.proxy.suggest;

import org.jspecify.annotations.NullMarked;
