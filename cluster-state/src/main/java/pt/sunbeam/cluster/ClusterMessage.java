package pt.sunbeam.cluster;

/** Marks what may travel between nodes, as CBOR (see {@code serialization-bindings} in cluster.conf). */
interface ClusterMessage {}
