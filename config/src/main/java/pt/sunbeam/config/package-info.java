/** Configuration: HOCON and TOML into one tree of records, every fault in one report. */
@NullMarked
package pt.sunbeam.config;

import org.jspecify.annotations.NullMarked;
