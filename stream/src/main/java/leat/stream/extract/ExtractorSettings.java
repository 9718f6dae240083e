package leat.stream.extract;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import leat.core.config.Setting;

/// How scheduled pulls reach the collector, as producers like any other.
public record ExtractorSettings(
        @Setting(
                        description =
                                "The collector that rows are sent to, e.g."
                                        + " `http://collector.example:8080`; absent means the"
                                        + " workspace's, on this machine")
                Optional<String> collector,
        @Setting(
                        description =
                                "A file with the API key to show there; absent means the"
                                        + " environment's `LEAT_KEY`, if set")
                Optional<Path> keyFile,
        @Setting(description = "Certificates (PEM) to trust there; absent means those of the JDK")
                Optional<Path> caFile) {

    /// Checks the address.
    ///
    /// @throws IllegalArgumentException when it is none
    public ExtractorSettings {
        collector.ifPresent(ExtractorSettings::requireAddress);
    }

    private static void requireAddress(String text) {
        try {
            URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("collector '" + text + "' is not an address", e);
        }
    }
}
