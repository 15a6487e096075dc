/** Trained models as code, written by {@code codegen}. */
@NullMarked
package pt.sunbeam.detector.model.generated;

import org.jspecify.annotations.NullMarked;
