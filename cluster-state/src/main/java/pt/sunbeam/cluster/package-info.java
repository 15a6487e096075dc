/** The cluster ActorSystem: detector shards, per-address detectors, verdicts. */
@NullMarked
package pt.sunbeam.cluster;

import org.jspecify.annotations.NullMarked;
