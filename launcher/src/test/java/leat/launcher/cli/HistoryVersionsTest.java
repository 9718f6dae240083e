package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.event.TopicId;
import leat.core.feature.CompiledView;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;
import leat.ml.featurestore.RegisteredViews;
import leat.ml.featurestore.ServingHistory;
import leat.ml.featurestore.ServingTerm;
import leat.stream.sql.HistoryRequest.AsOf;
import leat.stream.sql.HistoryRequest.Earlier;
import leat.stream.sql.HistoryRequest.ViewFeatures;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HistoryVersionsTest {

    private static final TopicId TOPIC = new TopicId("AAAAAAAAAAAAAAAAAAAAAA");

    @TempDir private Path folder;
    private Workspace workspace;

    private CompiledView former;

    @BeforeEach
    void secondVersion() throws Exception {
        LeatCommandLines.initialize(folder);
        Files.createDirectories(folder.resolve("features"));
        former = view(1, "{name: country, expression: event.country}").features().getFirst();
        workspace =
                view(
                        2,
                        "{name: country, expression: event.country}",
                        "{name: orders, aggregate: count, windows: 1h}");
    }

    private Workspace view(int version, String... features) throws Exception {
        Files.writeString(
                folder.resolve("features/spending.yaml"),
                "version: %d\nentity: customer\nsource: orders\nfeatures:\n  - ".formatted(version)
                        + String.join("\n  - ", features)
                        + "\n");
        return Workspace.open(folder);
    }

    private List<ViewFeatures> of(String name, AsOf asOf, int... served) {
        List<ServingTerm> terms = new ArrayList<>();
        for (int version : served) {
            terms.add(new ServingTerm(version, TOPIC, Map.of(), Instant.ofEpochSecond(version)));
        }
        return new HistoryVersions(
                        new RegisteredViews(
                                Map.of(), Map.of("spending", new ServingHistory(terms))),
                        List.of(former))
                .of(
                        new FeatureChoice(workspace.features()).choose(List.of(name), List.of()),
                        List.of(name),
                        asOf);
    }

    @Test
    void aVersionThatIsFilledIsNotMeantByTheName() {
        assertThatThrownBy(() -> of("spending", AsOf.EVENT, 1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("version 2 of the view spending is still being filled");
        assertThat(of("spending.v2", AsOf.EVENT, 1)).hasSize(1);
    }

    @Test
    void whatWasServedIsOfTheVersionThatServedThen() {
        List<ViewFeatures> views = of("spending", AsOf.SERVED, 1, 2);

        assertThat(views.getFirst().earlier())
                .containsExactly(
                        new Earlier(former.contract(), Optional.empty(), Instant.ofEpochSecond(2)));
        assertThat(of("spending", AsOf.EVENT, 1, 2).getFirst().earlier()).isEmpty();
        assertThat(of("spending.v2", AsOf.SERVED, 1, 2).getFirst().earlier()).isEmpty();
        assertThat(of("spending", AsOf.SERVED, 2).getFirst().earlier()).isEmpty();
    }

    @Test
    void aVersionThatServedAndCannotBeMadeAgainIsSaid() {
        assertThatThrownBy(() -> of("spending", AsOf.SERVED, 0, 1, 2))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("was served by spending.v0 too");
    }

    @Test
    void aVersionThatHasTakenOverFromTheWorkspacesIsSaid() {
        assertThatThrownBy(() -> of("spending", AsOf.SERVED, 1, 2, 3))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("version 3 of the view spending has taken over");
    }

    @Test
    void aFeatureThatHadAnotherTypeIsSaid() throws Exception {
        workspace = view(2, "{name: country, expression: event.amount}");

        assertThatThrownBy(() -> of("spending", AsOf.SERVED, 1, 2))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("the feature country has another type in spending.v1");
    }
}
