package leat.core.training;

import java.nio.file.Path;
import java.util.List;
import leat.core.contract.Contracts;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSetReader;
import leat.core.feature.FeatureViewReader;
import leat.core.odcs.OdcsReader;
import leat.core.prediction.ScoringReader;
import leat.core.yaml.Checked;

/// A view of machines and trainings on it.
final class Trainings {

    private static final String MACHINE =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: machine
            version: 1.0.0
            status: active
            schema:
              - name: machine
                properties:
                  - {name: time, logicalType: timestamp, required: true}
                  - {name: machine, logicalType: string, required: true}
                  - {name: load, logicalType: number}
                  - {name: heat, logicalType: integer}
                  - {name: kind, logicalType: string}
                  - {name: failed, logicalType: integer}
                  - {name: broken, logicalType: boolean}
            customProperties:
              - {property: leat.key, value: machine}
              - {property: leat.time, value: time}
            """;

    private static final String VIEW =
            """
            version: 2
            entity: machine
            source: machine
            features:
              - {name: load, expression: event.load}
              - {name: heat, expression: event.heat}
              - {name: kind, expression: event.kind}
            """;

    private static final String WEAR =
            """
            entity: machine
            source: machine
            features:
              - {name: load, expression: event.load / 2.0}
              - {name: name, expression: event.kind}
            """;

    static final String SET =
            """
            entity: machine
            features:
              - {view: wear, names: [load, name], rename: {load: strain}}
              - {view: state, names: [load, heat]}
            """;

    static final Path FILE = Path.of("failure.yaml");

    private Trainings() {}

    static Contracts contracts() {
        return new Contracts(
                List.of(OdcsReader.read(Path.of("machine.odcs.yaml"), MACHINE).orThrow()));
    }

    static List<CompiledView> views() {
        return List.of(
                FeatureViewReader.read(Path.of("state.yaml"), VIEW, contracts()).orThrow(),
                FeatureViewReader.read(Path.of("wear.yaml"), WEAR, contracts()).orThrow(),
                FeatureViewReader.read(Path.of("other.yaml"), WEAR, contracts()).orThrow());
    }

    /// Problems with their places.
    static List<String> problems(String text) {
        return read(text).faults().stream().map(Object::toString).toList();
    }

    static Training training(String text) {
        return read(text).orThrow();
    }

    private static Checked<Training> read(String text) {
        List<CompiledView> views = views();
        return TrainingReader.read(
                FILE,
                text,
                ScoringReader.Known.sound(
                        contracts(),
                        views,
                        List.of(
                                FeatureSetReader.read(Path.of("health.yaml"), SET, views)
                                        .orThrow())));
    }
}
