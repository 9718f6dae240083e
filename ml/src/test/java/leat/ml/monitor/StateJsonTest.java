package leat.ml.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import leat.core.alert.Alert;
import leat.core.evaluation.EventEvaluation.Moment;
import leat.core.monitor.ModelRule;
import leat.core.monitor.MonitoringState;
import leat.core.monitor.MonitoringState.FirstWindow;
import leat.core.monitor.Profile;
import leat.core.monitor.ProfileSketch;
import leat.core.monitor.ProfiledFeature;
import org.junit.jupiter.api.Test;

/// What is remembered of windows, as records hold it.
final class StateJsonTest {

    private static final Map<ModelRule, Alert> FIRING =
            Map.of(ModelRule.RECALL, new Alert(Alert.Status.FIRING, 2, 0, 5_000));

    @Test
    void aStateIsReadAsItWasWritten() {
        MonitoringState state = state(baselines(2, 3), alarms(100, "car"));

        StateJson fitting = new StateJson("risk.v1", state).fitting();

        assertThat(fitting.state()).isEqualTo(state);
        assertThat(StateJson.parse(fitting.bytes())).contains(fitting);
    }

    @Test
    void ofATooLargeStateBaselinesAreLeftOutBeforeAlarmsAndTheOldestFirst() {
        MonitoringState wide = state(baselines(20, 2_000), alarms(10, "car"));
        MonitoringState loud = state(baselines(1, 1), alarms(20_000, "c".repeat(400)));

        MonitoringState fewerBaselines = new StateJson("risk.v1", wide).fitting().state();
        StateJson newestAlarms = new StateJson("risk.v1", loud).fitting();

        assertThat(fewerBaselines.baselines()).isNotEmpty().doesNotContainKey("risk/0");
        assertThat(fewerBaselines.baselines()).containsKey("risk/19");
        assertThat(fewerBaselines.alarms()).isEqualTo(wide.alarms());
        assertThat(newestAlarms.bytes().length).isLessThanOrEqualTo(StateJson.MAX_BYTES);
        assertThat(newestAlarms.state().alarms()).isNotEmpty().endsWith(loud.alarms().getLast());
        assertThat(newestAlarms.state().alerts()).isEqualTo(FIRING);
    }

    private static MonitoringState state(
            SequencedMap<String, FirstWindow> baselines, List<Moment> alarms) {
        return new MonitoringState(
                3_600_000, OptionalLong.of(17), FIRING, baselines, new LinkedHashMap<>(), alarms);
    }

    private static List<Moment> alarms(int count, String prefix) {
        return IntStream.range(0, count).mapToObj(i -> new Moment(prefix + i, i)).toList();
    }

    private static SequencedMap<String, FirstWindow> baselines(int versions, int features) {
        List<ProfiledFeature> profiled =
                IntStream.range(0, features)
                        .mapToObj(feature -> ProfiledFeature.number("feature_" + feature))
                        .toList();
        ProfileSketch sketch = new ProfileSketch(profiled);
        for (int row = 0; row < 20; row++) {
            sketch.add(row, Collections.nCopies(features, row / 7.0));
        }
        Profile profile = sketch.profile();
        SequencedMap<String, FirstWindow> baselines = new LinkedHashMap<>();
        for (int version = 0; version < versions; version++) {
            baselines.put(
                    "risk/" + version, new FirstWindow(Optional.of(profile), Optional.empty()));
        }
        return baselines;
    }
}
