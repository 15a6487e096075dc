/** Who of several upstreams is asked, how often, and what is learnt from the answers. Knows no engine. */
@NullMarked
package pt.sunbeam.proxy.upstream;

import org.jspecify.annotations.NullMarked;
