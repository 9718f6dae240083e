package leat.examples.connectedcar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class CarRegisterTest {

    private static final Path FILE = Path.of("reference", "cars.csv");
    private static final int CARS = 1_000;

    /// `-Dleat.docs.write=true` writes the file anew.
    @Test
    void theFileIsTheRegisterOfTheDemonstrationsCars() throws IOException {
        if (Boolean.getBoolean("leat.docs.write")) {
            Files.writeString(FILE, CarRegister.csv(CARS));
        }
        assertThat(Files.readString(FILE)).isEqualTo(CarRegister.csv(CARS));
    }

    @Test
    void makesYearsAndRegionsAreSpreadOverTheFleet() {
        List<String[]> rows =
                CarRegister.csv(10_000).lines().skip(1).map(line -> line.split(",")).toList();

        assertThat(rows).hasSize(10_000);
        assertThat(rows.getFirst()[0]).isEqualTo("car1");
        for (int column = 1; column <= 3; column++) {
            int index = column;
            Map<String, Long> counts =
                    rows.stream()
                            .collect(
                                    Collectors.groupingBy(
                                            row -> row[index], Collectors.counting()));
            long even = 10_000L / counts.size();
            assertThat(counts.size()).isGreaterThanOrEqualTo(5);
            assertThat(counts.values()).allMatch(count -> count > even * 0.8 && count < even * 1.2);
        }
    }

    @Test
    void aLargerFleetHasTheSameFirstCars() {
        assertThat(CarRegister.csv(20)).startsWith(CarRegister.csv(10));
    }
}
