/** Fits the scanner detector: a lexicon of trigrams by latent segments, and the ensemble that judges its scores. */
@NullMarked
package pt.sunbeam.trainer.lexicon;

import org.jspecify.annotations.NullMarked;
