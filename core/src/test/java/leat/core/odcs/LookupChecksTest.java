package leat.core.odcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import leat.core.contract.Contracts;
import leat.core.yaml.Checked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What contracts of one folder say of each other.
final class LookupChecksTest {

    private static final String CARS =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: cars
            version: 1.0.0
            status: active
            schema:
              - name: cars
                properties:
                  - {name: car, logicalType: string, required: true}
                  - {name: make, logicalType: string}
                  - {name: year, logicalType: integer}
            customProperties:
              - {property: leat.key, value: car}
            """;

    private static final String REFERENCE = "  - {property: leat.reference, value: true}\n";

    private static final String TRIPS =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: trips
            version: 1.0.0
            status: active
            schema:
              - name: trips
                properties:
                  - {name: car, logicalType: string, required: true}
                  - {name: make, logicalType: string}
                  - {name: built, logicalType: integer}
            customProperties:
              - property: leat.enrich
                value:
                  - {lookup: %s, key: event.car, fields: {make: %s, built: %s}}
            """;

    @TempDir private Path folder;

    private List<String> problems(String cars, String trips) throws IOException {
        Files.writeString(folder.resolve("cars.odcs.yaml"), cars);
        Files.writeString(folder.resolve("trips.odcs.yaml"), trips);
        return switch (OdcsReader.readFolder(folder)) {
            case Checked.Sound<Contracts> _ -> List.of();
            case Checked.Faulty<Contracts> faulty ->
                    faulty.problems().stream()
                            .map(problem -> problem.message() + "; " + problem.remedy())
                            .toList();
        };
    }

    @Test
    void aLookUpInReferenceDataIsSound() throws IOException {
        assertThat(problems(CARS + REFERENCE, TRIPS.formatted("cars", "make", "year"))).isEmpty();
        assertThat(problems(CARS + REFERENCE, TRIPS.formatted("cars.v1", "make", "year")))
                .isEmpty();
    }

    @Test
    void whatIsNoContractMayBeAView() throws IOException {
        assertThat(problems(CARS + REFERENCE, TRIPS.formatted("car", "make", "year"))).isEmpty();
    }

    @Test
    void whatIsNotThereOrDoesNotFitIsAProblem() throws IOException {
        assertThat(problems(CARS, TRIPS.formatted("cars", "make", "year")))
                .singleElement()
                .asString()
                .startsWith("'cars' is no reference data; ");
        assertThat(problems(CARS + REFERENCE, TRIPS.formatted("cars", "year", "age")))
                .containsExactly(
                        "'year' of cars.v1 is not of the type of 'make'; declare both alike",
                        "'cars.v1' has no field 'age'; use one of car, make, year");
    }
}
