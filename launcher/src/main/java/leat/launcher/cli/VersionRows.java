package leat.launcher.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import leat.core.model.ModelVersion;
import leat.core.tracking.TrackingRefused;
import leat.ml.registry.ModelFile;
import leat.ml.registry.Models;

/// Versions of models as they are listed, the newest first.
///
/// @param limit how many of a model, other than those that an alias points to
record VersionRows(Models models, int limit) {

    static final int DEFAULT_LIMIT = 20;

    /// A version, for `--json` too.
    ///
    /// @param files how many; empty where they are in a store that nobody has looked into
    /// @param sizeBytes of all of them; empty as these
    /// @param gates what its tag says, `passed` or `failed`; empty where it has none
    /// @param run that trained it; empty for none
    record Row(
            int version,
            SortedSet<String> aliases,
            Instant created,
            Optional<Integer> files,
            Optional<Long> sizeBytes,
            Optional<String> gates,
            Optional<String> run,
            String source) {}

    List<Row> of(List<ModelVersion> versions) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < versions.size(); i++) {
            ModelVersion version = versions.get(versions.size() - 1 - i);
            if (i < limit || !version.aliases().isEmpty()) {
                rows.add(row(version));
            }
        }
        return rows;
    }

    private Row row(ModelVersion version) {
        Optional<List<ModelFile>> files = files(version);
        return new Row(
                version.info().number(),
                version.aliases(),
                Instant.ofEpochMilli(version.info().createdMillis()),
                files.map(List::size),
                files.map(all -> all.stream().mapToLong(ModelFile::sizeBytes).sum()),
                Optional.ofNullable(version.tags().get(ModelVersion.GATES_TAG)),
                Optional.of(version.info().runId()).filter(run -> !run.isEmpty()),
                version.info().source());
    }

    private Optional<List<ModelFile>> files(ModelVersion version) {
        try {
            return Optional.of(models.files(version));
        } catch (TrackingRefused _) {
            return Optional.empty();
        }
    }

    static TextTable table() {
        return new TextTable("MODEL", "VERSION", "ALIASES", "CREATED", "BYTES", "GATES", "RUN");
    }

    static void add(TextTable table, String model, Row row) {
        table.row(
                model,
                Integer.toString(row.version()),
                String.join(",", row.aliases()),
                DeadCommand.minute(row.created()),
                row.sizeBytes().map(bytes -> String.format(Locale.ROOT, "%,d", bytes)).orElse(""),
                row.gates().orElse(""),
                row.run().orElse(""));
    }
}
