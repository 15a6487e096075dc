package pt.sunbeam.proxy.wire.http1;

/** What a head says of the content behind it: how it ends, or that this cannot be told for certain. */
sealed interface Framed permits Framing, Refusal {}
