package leat.system;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What the client knows to be acknowledged, in the form that `leat audit --ledger` reads.
final class Ledger {

    private final String contract;
    private final Set<String> ids = new LinkedHashSet<>();

    Ledger(String contract) {
        this.contract = contract;
    }

    synchronized void acknowledged(List<String> batch) {
        ids.addAll(batch);
    }

    synchronized int size() {
        return ids.size();
    }

    /// One JSON object a line; the source is the contract's name, as for events whose client gives
    /// none.
    synchronized void writeTo(Path file) {
        try (BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            for (String id : ids) {
                writer.write(
                        "{\"contract\":\"%s\",\"source\":\"%s\",\"id\":\"%s\"}"
                                .formatted(contract, contract, id));
                writer.newLine();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
