@NullMarked
package pt.sunbeam.proxy.replay;

import org.jspecify.annotations.NullMarked;
