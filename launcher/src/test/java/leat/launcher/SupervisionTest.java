package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class SupervisionTest {

    private static final StageState RUNNING = new StageState.Running();
    private static final StageState WAITING = new StageState.Impeded("waiting: no engine");
    private static final StageState STOPPED = new StageState.Stopped("make the table again");

    @Test
    void aStoppedEnricherEndsTheProcessWhateverElseItRuns() {
        assertThat(Supervision.reasonToEnd(Map.of("enricher", STOPPED, "lake.a", RUNNING), true))
                .contains("enricher has stopped: make the table again");
    }

    @Test
    void aStoppedLoaderStopsNothingElse() {
        assertThat(Supervision.reasonToEnd(Map.of("lake.a", STOPPED, "lake.b", WAITING), false))
                .isEmpty();
    }

    @Test
    void aProcessWhoseStagesHaveAllStoppedEndsAndNamesEach() {
        assertThat(Supervision.reasonToEnd(Map.of("lake.a", STOPPED, "lake.b", STOPPED), false))
                .contains(
                        "lake.a has stopped: make the table again; lake.b has stopped: make the"
                                + " table again");
    }

    @Test
    void aProcessThatAlsoServesGoesOnWithoutItsLoaders() {
        assertThat(Supervision.reasonToEnd(Map.of("lake.a", STOPPED), true)).isEmpty();
    }

    @Test
    void aProcessWithoutStagesHasNothingThatCouldStop() {
        assertThat(Supervision.reasonToEnd(Map.of(), true)).isEmpty();
    }
}
