package leat.stream.collector.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.UnaryOperator;
import leat.core.contract.Contract;
import leat.core.odcs.OdcsReader;

/// The contracts that come with the program.
public final class TelemetryContracts {

    public static final Contract LOGS = shipped("log-record", UnaryOperator.identity());
    public static final Contract METRICS = shipped("metric-point", UnaryOperator.identity());

    /// As [#LOGS], but it has taken no events since a day in the past and names its successor.
    public static final Contract ENDED_LOGS = shipped("log-record", TelemetryContracts::ended);

    private TelemetryContracts() {}

    private static String ended(String contract) {
        return contract.replace("status: active", "status: deprecated")
                .replace(
                        "customProperties:",
                        """
                        customProperties:
                          - property: leat.deprecation
                            value: {since: 2025-01-01, until: 2025-06-01, successor: log-line.v2}\
                        """);
    }

    private static Contract shipped(String name, UnaryOperator<String> change) {
        String file = name + OdcsReader.SUFFIX;
        try (InputStream in =
                Objects.requireNonNull(OtlpExport.class.getResourceAsStream(file), file)) {
            return OdcsReader.read(
                            Path.of(file), change.apply(new String(in.readAllBytes(), UTF_8)))
                    .orThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
