package leat.stream.extract;

import java.time.Duration;
import java.util.Optional;
import leat.core.config.Setting;

/// A file `extractions/NAME.yaml`: what is pulled, from where, how often, into which contract.
public record ExtractionSettings(
        @Setting(description = "The contract that the rows are events of, `NAME` or `NAME.vN`")
                String contract,
        @Setting(
                        description = "How long to wait once there is nothing more, 100ms to 30d",
                        defaultValue = "1m")
                Duration every,
        @Setting(description = "An HTTP interface that answers JSON") Optional<HttpPull> http,
        @Setting(description = "A database, over JDBC") Optional<JdbcPull> jdbc) {

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException that names the key
    public ExtractionSettings {
        if (every.compareTo(Duration.ofMillis(100)) < 0
                || every.compareTo(Duration.ofDays(30)) > 0) {
            throw new IllegalArgumentException("every must be from 100ms to 30d");
        }
        if (http.isPresent() == jdbc.isPresent()) {
            throw new IllegalArgumentException("one of http and jdbc must say what is pulled");
        }
    }
}
