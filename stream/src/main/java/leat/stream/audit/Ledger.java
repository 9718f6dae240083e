package leat.stream.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ObjLongConsumer;
import leat.core.contract.Contract;
import leat.core.event.Hash128;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a client says was acknowledged to it: a file with one JSON object `{"contract", "source",
/// "id"}` a line. Without a source, the contract's name is meant, as the collector does.
final class Ledger {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Ledger() {}

    /// Hands over the identities of `contract` with the numbers of their lines, from 1.
    ///
    /// @throws IllegalArgumentException when a line is not of that form
    static void read(Path file, Contract contract, ObjLongConsumer<Hash128> consumer) {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            long number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                JsonNode entry = parse(file, number, line);
                if (entry.path("contract").asString("").equals(contract.name().value())) {
                    String source = entry.path("source").asString(contract.name().value());
                    consumer.accept(Hash128.of(source, entry.path("id").asString("")), number);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the ledger " + file, e);
        }
    }

    private static JsonNode parse(Path file, long number, String line) {
        try {
            JsonNode entry = MAPPER.readTree(line);
            if (entry.path("contract").isString() && entry.path("id").isString()) {
                return entry;
            }
        } catch (JacksonException e) {
            throw malformed(file, number, e);
        }
        throw malformed(file, number, null);
    }

    private static IllegalArgumentException malformed(
            Path file, long number, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                file
                        + " line "
                        + number
                        + ": not an object with texts \"contract\" and \"id\", e.g."
                        + " {\"contract\":\"car-telemetry\",\"source\":\"cars\",\"id\":\"7\"}",
                cause);
    }
}
