/**
 * Readers of public data sets and of other programs' logs: each hands on its rows in file order with bounded memory, and accounts for every record. What is
 * foreign, broken or huge is counted by reason with the number of its first line; only a file of which nothing could be read is an error.
 */
@NullMarked
package pt.sunbeam.trainer.read;

import org.jspecify.annotations.NullMarked;
