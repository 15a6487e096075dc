/** Spans of requests for an OTLP collector: the only package that sees the OpenTelemetry SDK. */
@NullMarked
package pt.sunbeam.proxy.observe.trace;

import org.jspecify.annotations.NullMarked;
