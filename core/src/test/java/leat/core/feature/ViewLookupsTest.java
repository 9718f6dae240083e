package leat.core.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import leat.core.contract.Contracts;
import leat.core.odcs.OdcsReader;
import leat.core.yaml.Checked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Look-ups of contracts in feature views, checked where both are known.
final class ViewLookupsTest {

    private static final String READINGS =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: readings
            version: 1.0.0
            status: active
            schema:
              - name: readings
                properties:
                  - {name: car, logicalType: string, required: true}
                  - {name: model, logicalType: string}
                  - {name: speed, logicalType: number}
                  - {name: usual, logicalType: number}
                  - {name: seen, logicalType: integer}
                  - {name: excess, logicalType: number}
            customProperties:
              - {property: leat.key, value: car}
              - property: leat.enrich
                value:
                  - {lookup: LOOKUP, key: event.model, fields: FIELDS}
                  - {field: excess, expression: event.speed - event.usual, onFailure: skip}
            """;

    private static final String FIELDS = "{usual: speed_mean_1h, seen: speed_count_1h}";

    private static final String MODELS =
            """
            entity: model
            source: readings
            key: model
            features:
              - {name: speed, expression: event.speed, aggregate: [mean, count], windows: 1h}
              - {name: excess, expression: event.excess, aggregate: max, windows: 1h}
            """;

    @TempDir private Path folder;

    private List<String> problems(String lookup, String fields) throws IOException {
        return problems(READINGS.replace("LOOKUP", lookup).replace("FIELDS", fields));
    }

    private List<String> problems(String readings) throws IOException {
        Files.writeString(folder.resolve("readings.odcs.yaml"), readings);
        Path features = Files.createDirectories(folder.resolve("features"));
        Checked<Contracts> contracts = OdcsReader.readFolder(folder);
        assertThat(contracts.faults()).isEmpty();
        return FeatureViewReader.readFolder(features, contracts).faults().stream()
                .map(problem -> problem.from(folder).toString())
                .toList();
    }

    private void view(String name, String text) throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("features")).resolve(name), text);
    }

    @Test
    void aViewMayReadTheContractThatLooksItUp() throws IOException {
        view("models.yaml", MODELS);

        assertThat(problems("models", FIELDS)).isEmpty();
        assertThat(problems("models", "{usual: speed_count_1h, seen: speed_count_1h}")).isEmpty();
    }

    @Test
    void whatIsNeitherContractNorViewIsAProblemAtItsStep() throws IOException {
        view("models.yaml", MODELS);

        assertThat(problems("model", FIELDS))
                .containsExactly(
                        "readings.odcs.yaml:19: leat.enrich.lookup: there is no contract or view"
                                + " 'model'. Write 'models' if that was meant.");
    }

    @Test
    void withoutAnyViewThereIsNoneToLookUp() throws IOException {
        assertThat(problems("models", FIELDS))
                .containsExactly(
                        "readings.odcs.yaml:19: leat.enrich.lookup: there is no contract or view"
                                + " 'models'. Use one of readings.");
    }

    @Test
    void featuresThatAreNotThereOrDoNotFitAreProblems() throws IOException {
        view("models.yaml", MODELS);

        assertThat(problems("models", "{usual: speed_mean_5m, seen: speed_mean_1h}"))
                .containsExactly(
                        "readings.odcs.yaml:19: leat.enrich.lookup: 'models.v1' has no field"
                                + " 'speed_mean_5m'. Write 'speed_mean_1h' if that was meant.",
                        "readings.odcs.yaml:19: leat.enrich.lookup: 'speed_mean_1h' of models.v1 is"
                                + " not of the type of 'seen'. Declare both alike.");
    }

    @Test
    void aVersionCannotBeNamed() throws IOException {
        view("models.yaml", MODELS);

        assertThat(problems("models.v1", FIELDS))
                .containsExactly(
                        "readings.odcs.yaml:19: leat.enrich.lookup: 'models.v1' is a version of a"
                                + " view. Write 'models': a look-up finds the version that serves.");
    }

    @Test
    void aViewThatIsFaultyIsNoProblemOfTheLookUp() throws IOException {
        view("models.yaml", MODELS.replace("event.speed,", "event.sped,"));

        assertThat(problems("models", FIELDS))
                .isNotEmpty()
                .allMatch(problem -> problem.contains("models.yaml"));
    }

    @Test
    void theEntitiesOfAProtectedKeyCannotBeFound() throws IOException {
        view("models.yaml", MODELS);
        String paces =
                """
                entity: model
                source: models
                features:
                  - {name: pace, expression: event.speed_mean_1h, aggregate: max, windows: 1d}
                """;
        view("paces.yaml", paces);
        String hashed = "      - {protect: {field: model}, action: mask}\n";
        String readings = READINGS.replace("FIELDS", "{usual: pace_max_1d}") + hashed;

        assertThat(problems(readings.replace("LOOKUP", "paces")))
                .containsExactly(
                        "readings.odcs.yaml:19: leat.enrich.lookup: the entities of 'paces'"
                                + " are named by a protected field, whose plain value finds none."
                                + " Look up a view of another key.");
    }
}
