package leat.core.tracking.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import leat.core.tracking.ExperimentCommand;
import leat.core.tracking.LifecycleStage;
import leat.core.tracking.TrackedState;
import leat.core.tracking.TrackingRefused;
import leat.core.tracking.ViewType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExperimentSearchTest {

    /// Made at 1000, 1001 and 1002 ms.
    private final TrackedState state =
            new TrackedState()
                    .with(new ExperimentCommand.Create("3", "cars", "", Map.of("team", "fleet")))
                    .with(new ExperimentCommand.Create("2", "Trucks", "", Map.of("team", "road")))
                    .with(new ExperimentCommand.Create("1", "vans", "", Map.of()));

    private List<String> found(ViewType view, String filter, String... orders) {
        return ExperimentSearch.of(
                        filter, List.of(orders), view, new PageRequest(10, new PageToken(0)))
                .in(state.fold().experiments())
                .found()
                .stream()
                .map(experiment -> experiment.id())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '^',
            delimiter = '|',
            value = {
                "^^ | 1 2 3 0",
                "name = 'cars' | 3",
                "attribute.name ILIKE 't%' | 2",
                "name != 'Default' AND tags.team != 'fleet' | 2",
                "tag.team LIKE '%e%' | 3",
                "creation_time > 1000 | 1 2",
                "last_update_time <= 1000 | 3 0",
            })
    void filtersTakeTheExperimentsThatFulfilAllConditions(String filter, String ids) {
        assertThat(String.join(" ", found(ViewType.ACTIVE_ONLY, filter))).isEqualTo(ids);
    }

    @Test
    void ordersMayNameTheId() {
        assertThat(found(ViewType.ACTIVE_ONLY, "", "experiment_id DESC"))
                .containsExactly("3", "2", "1", "0");
        assertThat(found(ViewType.ACTIVE_ONLY, "", "name")).containsExactly("0", "2", "3", "1");
    }

    @Test
    void theViewChoosesTheStages() {
        state.with(new ExperimentCommand.Move("2", LifecycleStage.DELETED));

        assertThat(found(ViewType.ACTIVE_ONLY, "")).containsExactly("1", "3", "0");
        assertThat(found(ViewType.DELETED_ONLY, "")).containsExactly("2");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '^',
            delimiter = '|',
            value = {
                "metrics.acc > 1 | Invalid entity type 'metrics'. Valid values are ['attribute', 'tag']",
                "experiment_id = '1' | Invalid attribute key 'experiment_id' specified. Valid keys are ['creation_time', 'last_update_time', 'name']",
            })
    void whatExperimentsDoNotHaveIsRefused(String filter, String text) {
        assertThat(catchThrowableOfType(TrackingRefused.class, () -> found(ViewType.ALL, filter)))
                .hasMessage(text);
    }
}
