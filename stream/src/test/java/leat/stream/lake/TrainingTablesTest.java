package leat.stream.lake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrainingTablesTest {

    @ParameterizedTest
    @CsvSource({
        "driving.v1, driving.v1, true",
        "driving.v11, driving.v1, false",
        "driving.v1+v2, driving.v1, true",
        "driving.v1+v2, driving.v2, true",
        "driving.v1+v12, driving.v2, false",
        "car-driving.v1, driving.v1, false",
        "'', driving.v1, false"
    })
    void aTableNamesTheVersionsThatItsRowsAreFrom(String view, String version, boolean made) {
        assertThat(TrainingTables.isOf(view, version)).isEqualTo(made);
    }
}
