package leat.ml.scorer;

import java.nio.file.Path;
import java.util.List;
import leat.core.contract.Contracts;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureViewReader;
import leat.core.odcs.OdcsReader;
import leat.core.prediction.Scoring;
import leat.core.prediction.ScoringReader;

/// A view `driving.v1` of the features `a` and `b` on three partitions, and the scoring `risk.v1`
/// of it by the model `risk`.
final class Risk {

    static final int PARTITIONS = 3;

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
                  - {name: time, logicalType: timestamp, required: true}
                  - {name: car, logicalType: string, required: true}
                  - {name: a, logicalType: number}
                  - {name: b, logicalType: number}
            customProperties:
              - {property: leat.key, value: car}
              - {property: leat.time, value: time}
              - {property: leat.partitions, value: 3}
            """;

    private static final String DRIVING =
            """
            entity: car
            source: readings
            features:
              - {name: a, expression: event.a}
              - {name: b, expression: event.b}
            """;

    private Risk() {}

    static Contracts contracts() {
        return new Contracts(
                List.of(OdcsReader.read(Path.of("readings.odcs.yaml"), READINGS).orThrow()));
    }

    static CompiledView view() {
        return FeatureViewReader.read(Path.of("driving.yaml"), DRIVING, contracts()).orThrow();
    }

    /// @param keys more of them, as `missing: nan`
    static Scoring scoring(String keys) {
        String text =
                """
                scoring:
                  model: risk
                  view: driving
                  outputs: {score: variable}
                """
                        + keys.indent(2);
        return ScoringReader.read(Path.of("risk.yaml"), text, List.of(view())).orThrow();
    }
}
