/// Tests of OpenTelemetry's logs and metrics, with its own exporter where the wire matters.
@NullMarked
package leat.stream.collector.otlp;

import org.jspecify.annotations.NullMarked;
