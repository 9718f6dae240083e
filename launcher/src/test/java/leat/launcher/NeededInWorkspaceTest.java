package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import leat.launcher.cli.LeatCommandLines;
import leat.launcher.config.Workspace;
import leat.stream.log.LogConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NeededInWorkspaceTest {

    private static final String CONTRACT =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: ride
            version: 1.0.0
            status: active
            schema:
              - name: ride
                properties:
                  - {name: km, logicalType: integer}
                  - {name: risk, logicalType: number}
                  - {name: price, logicalType: number}
            customProperties:
              - property: leat.enrich
                value:
                  - {model: risk/3, features: [km], fields: {risk: variable}, timeout: 1s}
                  - {model: price@champion, features: [km], fields: {price: variable}, timeout: 1s}
            """;

    @TempDir private Path folder;

    @Test
    void versionsThatContractsAndTheEnrichmentApiNameByTheirNumbersAreNeeded() throws IOException {
        LeatCommandLines.initialize(folder);
        Files.writeString(folder.resolve("contracts/ride.odcs.yaml"), CONTRACT);
        Files.writeString(
                folder.resolve("leat.yaml"),
                """
                enrichment-api:
                  models:
                    fees: {model: risk/5, features: [km], outputs: [variable]}
                    fares: {model: price@champion, features: [km], outputs: [variable]}
                """,
                StandardOpenOption.APPEND);
        // Nothing predicts in this workspace, so nothing is asked of a log.
        NeededInWorkspace needed =
                new NeededInWorkspace(
                        Workspace.open(folder), new LogConnection("nowhere.invalid:1"));

        assertThat(needed.of("risk"))
                .isEqualTo(
                        Map.of(
                                3, "the contract ride.v1 names it",
                                5, "enrichment-api.models.fees names it"));
        assertThat(needed.of("price")).isEmpty();
    }
}
