package leat.core.prediction;

import java.nio.file.Path;
import java.util.List;
import leat.core.contract.Contracts;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureViewReader;
import leat.core.odcs.OdcsReader;

/// A view of cars and scorings of it.
final class Scorings {

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
                  - {name: car, logicalType: string, required: true, classification: confidential}
                  - {name: speed, logicalType: number}
                  - {name: gear, logicalType: integer}
                  - {name: served, logicalType: timestamp}
            customProperties:
              - {property: leat.key, value: car}
              - {property: leat.time, value: time}
              - {property: leat.partitions, value: 6}
            """;

    private static final String VIEW =
            """
            version: 2
            entity: car
            source: readings
            features:
              - {name: speed, expression: event.speed}
              - {name: gear, expression: event.gear}
              - {name: served, expression: event.served}
            """;

    static final Path FILE = Path.of("risk.yaml");

    private Scorings() {}

    static Contracts contracts() {
        return new Contracts(
                List.of(OdcsReader.read(Path.of("readings.odcs.yaml"), READINGS).orThrow()));
    }

    static List<CompiledView> views() {
        return List.of(
                FeatureViewReader.read(Path.of("driving.yaml"), VIEW, contracts()).orThrow());
    }

    /// @param keys of `scoring`, beside model, view and features
    static String text(String keys) {
        return """
        description: How soon a car breaks down
        owner: fleet
        tags: [cars]
        scoring:
          model: failure-risk
          view: driving
          features: [gear, speed]
        """
                + keys.indent(2);
    }

    static Scoring scoring(String keys) {
        return ScoringReader.read(FILE, text(keys), views()).orThrow();
    }
}
