package leat.stream.influx;

import org.jspecify.annotations.Nullable;

/// InfluxDB did not do what was asked. Nothing is lost: the caller tries again later.
final class InfluxUnavailable extends RuntimeException {
    InfluxUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
