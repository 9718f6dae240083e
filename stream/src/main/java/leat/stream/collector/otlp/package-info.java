/// OpenTelemetry's logs and metrics: export requests in either encoding become events of the
/// shipped contracts. Knows no transport: the HTTP and the gRPC door bring the bytes and take the
/// answers.
@NullMarked
package leat.stream.collector.otlp;

import org.jspecify.annotations.NullMarked;
