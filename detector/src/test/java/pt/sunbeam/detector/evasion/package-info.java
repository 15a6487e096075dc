@NullMarked
package pt.sunbeam.detector.evasion;

import org.jspecify.annotations.NullMarked;
