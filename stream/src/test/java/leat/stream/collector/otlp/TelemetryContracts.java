package leat.stream.collector.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import leat.core.contract.Contract;
import leat.core.odcs.OdcsReader;

/// The contracts that come with the program.
public final class TelemetryContracts {

    public static final Contract LOGS = shipped("log-record");
    public static final Contract METRICS = shipped("metric-point");

    private TelemetryContracts() {}

    private static Contract shipped(String name) {
        String file = name + OdcsReader.SUFFIX;
        try (InputStream in =
                Objects.requireNonNull(OtlpExport.class.getResourceAsStream(file), file)) {
            return OdcsReader.read(Path.of(file), new String(in.readAllBytes(), UTF_8)).orThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
