package leat.core.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each automated test of the score fails when what it is about is broken.
final class PlantedFaultsTest {

    static List<Fault> faults() {
        return Stream.of(
                        DataFaults.all(),
                        ModelFaults.all(),
                        InfrastructureFaults.all(),
                        MonitoringFaults.all())
                .flatMap(List::stream)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aPlantedFaultFailsItsTest(Fault fault) {
        SoundModel model = new SoundModel();
        fault.plant().accept(model);

        Finding found = Score.of(model.evidence()).finding(fault.test());

        assertThat(found).isInstanceOf(Finding.Failed.class);
        assertThat(found.evidence()).contains(fault.says());
        assertThat(found.remedy()).isNotBlank();
        assertThat(found.points()).isZero();
    }

    @Test
    void eachTestHasAPlantedFault() {
        assertThat(faults().stream().map(Fault::test).distinct())
                .containsExactlyInAnyOrderElementsOf(Arrays.asList(ScoreTest.values()));
    }
}
