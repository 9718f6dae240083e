package leat.core.prediction;

import java.nio.file.Path;
import java.util.List;
import leat.core.contract.Contracts;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.feature.FeatureSetReader;
import leat.core.feature.FeatureViewReader;
import leat.core.odcs.OdcsReader;
import leat.core.yaml.Checked;

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
                  - {name: driver, logicalType: string}
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

    private static final String WEAR =
            """
            entity: car
            source: readings
            features:
              - {name: speed, expression: event.speed * 2.0}
              - {name: served, expression: event.served}
            """;

    private static final String SET =
            """
            entity: car
            features:
              - {view: wear, names: [speed], rename: {speed: wear}}
              - {view: driving, names: [gear, speed]}
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

    /// A scoring of the set `both`, which has a feature of the view `wear` before those of
    /// `driving`.
    ///
    /// @param keys of `scoring`, beside model, set and outputs
    /// @param wear more keys of the view `wear`
    /// @param set more features of the set, as an item of its list
    static Checked<Scoring> ofSet(String keys, String wear, String set) {
        String text =
                """
                scoring:
                  model: failure-risk
                  set: both
                  outputs: {score: out}
                """
                        + keys.indent(2);
        List<CompiledView> views =
                List.of(
                        views().getFirst(),
                        FeatureViewReader.read(Path.of("wear.yaml"), WEAR + wear, contracts())
                                .orThrow());
        FeatureSet both = FeatureSetReader.read(Path.of("both.yaml"), SET + set, views).orThrow();
        return ScoringReader.read(
                FILE, text, ScoringReader.Known.sound(contracts(), views, List.of(both)));
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
