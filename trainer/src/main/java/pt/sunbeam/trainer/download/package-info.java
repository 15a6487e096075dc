/** Fetches public data sets: a catalogue with checksums, transfers that go on where they stopped, and nothing under its name that is not whole. */
@NullMarked
package pt.sunbeam.trainer.download;

import org.jspecify.annotations.NullMarked;
