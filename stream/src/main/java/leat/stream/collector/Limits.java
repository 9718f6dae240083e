package leat.stream.collector;

import java.time.Duration;
import leat.core.config.Bounds;
import leat.core.config.DataSize;
import leat.core.config.Setting;
import leat.stream.log.LogConnection;

/// What may be in flight, from small to large.
public record Limits(
        @Setting(description = "The size of one event, 1KiB to 3MiB", defaultValue = "1MiB")
                DataSize eventSize,
        @Setting(
                        description =
                                "The size of one request's body, before and after unpacking,"
                                        + " 1KiB to 256MiB",
                        defaultValue = "10MiB")
                DataSize requestSize,
        @Setting(description = "The events of one request, 1 to 1,000,000", defaultValue = "10000")
                int requestEvents,
        @Setting(
                        description =
                                "The bodies of all requests that are being read or wait for"
                                        + " Kafka, and the answers that clients leave unread;"
                                        + " beyond it clients are told 429, up to 8GiB",
                        defaultValue = "64MiB")
                DataSize inFlightSize,
        @Setting(
                        description =
                                "The requests that wait for Kafka; beyond it clients are told"
                                        + " 429, 1 to 1,000,000",
                        defaultValue = "10000")
                int inFlightRequests,
        @Setting(
                        description =
                                "How long an event may wait for Kafka, as far as the"
                                        + " collector can tell from what Kafka acknowledged"
                                        + " lately; when more comes than that clients are told"
                                        + " 429, 50ms to 1m",
                        defaultValue = "1s")
                Duration inFlightWait) {

    /// Waits a second for Kafka.
    public Limits(
            DataSize eventSize,
            DataSize requestSize,
            int requestEvents,
            DataSize inFlightSize,
            int inFlightRequests) {
        this(
                eventSize,
                requestSize,
                requestEvents,
                inFlightSize,
                inFlightRequests,
                Duration.ofSeconds(1));
    }

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when a value is out of range
    public Limits {
        // Headers travel in the same record, so an event stays well below a record's limit.
        Bounds.within(
                "limits.event-size", eventSize, 1 << 10, LogConnection.MAX_RECORD_BYTES * 3L / 4);
        Bounds.within("limits.request-size", requestSize, 1 << 10, 256L << 20);
        Bounds.within("limits.request-events", requestEvents, 1, 1_000_000);
        Bounds.within("limits.in-flight-size", inFlightSize, requestSize.bytes(), 8L << 30);
        Bounds.within("limits.in-flight-requests", inFlightRequests, 1, 1_000_000);
        Bounds.within(
                "limits.in-flight-wait",
                inFlightWait,
                Duration.ofMillis(50),
                Duration.ofMinutes(1));
    }

    /// What stands in the annotations.
    public static Limits defaults() {
        return new Limits(
                DataSize.mebibytes(1),
                DataSize.mebibytes(10),
                10_000,
                DataSize.mebibytes(64),
                10_000);
    }
}
