package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import leat.core.contract.ContractName;
import leat.core.feature.FeatureSet;
import leat.core.feature.FeatureSet.Member;
import leat.core.feature.NamedSets;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;
import leat.stream.sql.HistoryRequest.Column;
import leat.stream.sql.HistoryRequest.ViewFeatures;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FeatureChoiceTest {

    @TempDir private Path folder;
    private FeatureChoice choice;

    @BeforeEach
    void open() throws IOException {
        LeatCommandLines.initialize(folder);
        Files.createDirectories(folder.resolve("features"));
        for (String view : List.of("spending", "shopping")) {
            Files.writeString(
                    folder.resolve("features/" + view + ".yaml"),
                    """
                    entity: customer
                    source: orders
                    ttl: 1d
                    features:
                      - {name: orders, aggregate: count, windows: [1h, 1d]}
                      - {name: %s, aggregate: count, windows: 1h}
                    """
                            .formatted(view));
        }
        Workspace workspace = Workspace.open(folder);
        choice = new FeatureChoice(workspace.features());
    }

    @Test
    void allFeaturesOfTheViewsInTheOrderInWhichTheyAreNamed() {
        List<ViewFeatures> views = choice.choose(List.of("spending", "shopping.v1"), List.of());

        assertThat(views)
                .extracting(view -> view.vectors().nameAndMajor())
                .containsExactly("spending.v1", "shopping.v1");
        assertThat(views.getFirst().features())
                .containsExactly("orders_count_1h", "orders_count_1d", "spending_count_1h");
        assertThat(views.getFirst().ttl()).contains(Duration.ofDays(1));
    }

    @Test
    void aFeatureIsOfEveryViewThatHasItOrOfTheOneNamed() {
        List<ViewFeatures> views =
                choice.choose(
                        List.of("spending", "shopping"),
                        List.of(
                                "spending_count_1h",
                                "orders_count_1h",
                                "shopping:orders_count_1d"));

        assertThat(views)
                .extracting(ViewFeatures::features)
                .containsExactly(
                        List.of("orders_count_1h", "spending_count_1h"),
                        List.of("orders_count_1h", "orders_count_1d"));
    }

    @Test
    void aSetGivesItsFeaturesInItsOrderThenTheQueryTimesOfItsViews() {
        FeatureSet set =
                new FeatureSet(
                        new ContractName("churn"),
                        "",
                        Optional.empty(),
                        List.of(),
                        "customer",
                        List.of(
                                new Member("shopped", "shopping.v1", "shopping_count_1h"),
                                new Member("orders_count_1d", "spending", "orders_count_1d"),
                                new Member("again", "shopping.v1", "orders_count_1d"),
                                new Member("twice", "shopping.v1", "orders_count_1d")),
                        Path.of("churn.yaml"));

        FeatureChoice.SetColumns chosen = choice.choose("churn", new NamedSets(List.of(set)));

        assertThat(chosen.views())
                .extracting(view -> view.vectors().nameAndMajor())
                .containsExactly("shopping.v1", "spending.v1");
        assertThat(chosen.views())
                .extracting(ViewFeatures::features)
                .containsExactly(
                        List.of("shopping_count_1h", "orders_count_1d"),
                        List.of("orders_count_1d"));
        assertThat(chosen.columns())
                .containsExactly(
                        new Column(0, "shopping_count_1h", "shopped"),
                        new Column(1, "orders_count_1d", "orders_count_1d"),
                        new Column(0, "orders_count_1d", "again"),
                        new Column(0, "orders_count_1d", "twice"),
                        new Column(0, "query_time", "shopping__query_time"),
                        new Column(1, "query_time", "spending__query_time"));
        assertThatThrownBy(() -> choice.choose("chrn", new NamedSets(List.of(set))))
                .isInstanceOfSatisfying(
                        UserError.class,
                        error ->
                                assertThat(error.remedy())
                                        .isEqualTo("write 'churn' if that was meant"))
                .hasMessage("there is no feature set 'chrn'");
    }

    @Test
    void whatIsNotThereIsRefusedWithWhatIsNear() {
        assertThatThrownBy(() -> choice.choose(List.of("spendin"), List.of()))
                .isInstanceOfSatisfying(
                        UserError.class,
                        error ->
                                assertThat(error.remedy())
                                        .isEqualTo("write 'spending' if that was meant"))
                .hasMessage("there is no feature view 'spendin'");
        assertThatThrownBy(() -> choice.choose(List.of("spending"), List.of("orders_count_2h")))
                .hasMessage("there is no feature 'orders_count_2h' in spending");
        assertThatThrownBy(() ->
                        choice.choose(List.of("spending"), List.of("shopping:orders_count_1h")))
                .hasMessageContaining("--views no shopping");
        assertThatThrownBy(() ->
                        choice.choose(
                                List.of("spending", "shopping"), List.of("spending_count_1h")))
                .hasMessage("--features names no feature of shopping");
    }
}
