package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import leat.core.event.TopicId;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;
import leat.ml.featurestore.RegisteredViews;
import leat.ml.featurestore.ServingHistory;
import leat.ml.featurestore.ServingTerm;
import leat.stream.sql.HistoryRequest.AsOf;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HistoryVersionsTest {

    private static final TopicId TOPIC = new TopicId("AAAAAAAAAAAAAAAAAAAAAA");

    @TempDir private Path folder;
    private Workspace workspace;

    @BeforeEach
    void secondVersion() throws Exception {
        LeatCommandLines.initialize(folder);
        Files.createDirectories(folder.resolve("features"));
        Files.writeString(
                folder.resolve("features/spending.yaml"),
                """
                version: 2
                entity: customer
                source: orders
                features:
                  - name: country
                    expression: event.country
                """);
        workspace = Workspace.open(folder);
    }

    private HistoryVersions served(int... versions) {
        List<ServingTerm> terms = new ArrayList<>();
        for (int version : versions) {
            terms.add(new ServingTerm(version, TOPIC, Map.of(), Instant.EPOCH));
        }
        return new HistoryVersions(
                new RegisteredViews(Map.of(), Map.of("spending", new ServingHistory(terms))),
                workspace.features());
    }

    @Test
    void aVersionThatIsFilledIsNotMeantByTheName() {
        assertThatThrownBy(() -> served(1).refuseUnclear(List.of("spending"), AsOf.EVENT))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("version 2 of the view spending is still being filled");
        assertThatCode(() -> served(1).refuseUnclear(List.of("spending.v2"), AsOf.EVENT))
                .doesNotThrowAnyException();
    }

    @Test
    void whatSeveralVersionsServedIsOfOneByItsName() {
        assertThatThrownBy(() -> served(1, 2).refuseUnclear(List.of("spending"), AsOf.SERVED))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("v1 since 1970-01-01T00:00:00Z, v2 since");
        assertThatCode(() -> served(1, 2).refuseUnclear(List.of("spending"), AsOf.EVENT))
                .doesNotThrowAnyException();
        assertThatCode(() -> served(2).refuseUnclear(List.of("spending"), AsOf.SERVED))
                .doesNotThrowAnyException();
    }
}
