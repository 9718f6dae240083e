package leat.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.contract.QualityRule;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureViewReader;
import leat.launcher.cli.LeatCommandLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which expectations are judged while a view goes from one version to the next.
final class JudgedViewsTest {

    private static final String VIEW =
            """
            version: %d
            entity: customer
            source: orders
            features:
              - {name: amount, expression: event.amount, expect: {range: {minimum: 0}}}
            expect:
              - {freshness: 5m}
              - {metric: rowCount, mustBeGreaterThan: 0}
              - {lateness: 1m}
            """;

    @TempDir private Path folder;

    /// No vector of it comes once the new one has taken over.
    @Test
    void ofAFormerVersionOnlyValuesAreJudged() throws IOException {
        // Given
        LeatCommandLines.initialize(folder);
        Path file = Files.createDirectories(folder.resolve("features")).resolve("spending.yaml");
        Files.writeString(file, VIEW.formatted(2));
        Workspace workspace = Workspace.open(folder);
        CompiledView former =
                FeatureViewReader.read(file, VIEW.formatted(1), workspace.contracts()).orThrow();

        // When
        List<Contract> vectors =
                workspace
                        .withContracts(workspace.contracts())
                        .withFormerViews(List.of(former))
                        .judged()
                        .vectors();

        // Then
        assertThat(vectors)
                .extracting(Contract::nameAndMajor)
                .containsExactly("spending.v2", "spending.v1");
        assertThat(vectors.getFirst().quality().rules())
                .extracting(QualityRule::id)
                .containsExactly("freshness", "rowcount", "lateness", "amount-range");
        assertThat(vectors.getLast().quality().rules())
                .extracting(QualityRule::id)
                .containsExactly("lateness", "amount-range");
    }
}
