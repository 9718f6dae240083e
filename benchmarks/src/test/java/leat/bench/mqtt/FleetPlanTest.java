package leat.bench.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import leat.bench.mqtt.FleetPlan.TooManyConnections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FleetPlanTest {

    @ParameterizedTest
    @CsvSource({
        "100000, 20000, 6",
        "18976, 20000, 1",
        "18977, 20000, 2",
        "2000, 1024000, 1",
        "100000, 4149, 32"
    })
    void takesAsFewProcessesAsTheFileLimitAllows(int connections, long files, int processes) {
        // When
        FleetPlan plan = FleetPlan.of(connections, files);

        // Then
        assertThat(plan.processes()).isEqualTo(processes);
        assertThat(plan.connectionsPerProcess()).isLessThanOrEqualTo((int) files - 1_024);
    }

    @Test
    void saysWhatTheFileLimitHoldsAndWhatItShouldBe() {
        assertThatExceptionOfType(TooManyConnections.class)
                .isThrownBy(() -> FleetPlan.of(100_000, 2_048))
                .withMessageContaining("may open 2,048 files")
                .withMessageContaining("hold 32,768 connections, not 100,000")
                .satisfies(refused -> assertThat(refused.remedy()).contains("ulimit -n 4149"));
    }

    @ParameterizedTest
    @CsvSource({"1, 1024", "1, 256", "0, 20000", "1000001, 9999999"})
    void refusesWhatNoNumberOfProcessesHolds(int connections, long files) {
        assertThatExceptionOfType(TooManyConnections.class)
                .isThrownBy(() -> FleetPlan.of(connections, files));
    }

    @Test
    void everyCarIsDrivenByOneProcess() {
        // Given
        int cars = 100_001;
        int slices = 7;

        // When
        int driven = 0;
        for (int slice = 0; slice < slices; slice++) {
            driven +=
                    new CarsOrder(
                                    "127.0.0.1",
                                    1883,
                                    "cars",
                                    1,
                                    cars,
                                    10,
                                    slice,
                                    slices,
                                    List.of(),
                                    "")
                            .ownCars();
        }

        // Then
        assertThat(driven).isEqualTo(cars);
    }
}
