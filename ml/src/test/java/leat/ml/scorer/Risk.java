package leat.ml.scorer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import leat.core.contract.Contracts;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.feature.FeatureSetReader;
import leat.core.feature.FeatureViewReader;
import leat.core.odcs.OdcsReader;
import leat.core.prediction.Scoring;
import leat.core.prediction.ScoringReader;
import leat.ml.online.OnlineModel;
import leat.ml.training.algorithm.Algorithms;
import leat.ml.training.algorithm.Rows;

/// A view `driving.v1` of the features `a` and `b` on three partitions, and the scoring `risk.v1`
/// of it by the model `risk`; or of the set `both`, which has its `a`, and `b` of the view
/// `strain.v1` of the same events.
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

    private static final String STRAIN =
            """
            entity: car
            source: readings
            features:
              - {name: force, expression: event.b}
            """;

    private static final String BOTH =
            """
            entity: car
            features:
              - {view: driving, names: [a]}
              - {view: strain, names: [force], rename: {force: b}}
            """;

    private Risk() {}

    /// A forest of the two features, of a version that learns as it scores.
    static OnlineModel forest(int seed) {
        Rows.Builder rows = Rows.of(List.of("a", "b"));
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            rows.add((float) (500 + 300 * random.nextGaussian()), random.nextFloat());
        }
        return OnlineModel.read(
                Algorithms.of("random-cut-forest", Map.of("trees", 12, "sample-size", 128))
                        .fit(rows.build(), seed)
                        .file());
    }

    /// The detector of `leat detect` for the two features, of a version that has seen a car once.
    static OnlineModel detector() {
        Rows rows = Rows.of(List.of("a", "b")).add(500, 0).build();
        Rows.Origins origins = new Rows.Origins(new long[] {0}, new String[] {"car-0"});
        return OnlineModel.read(
                Algorithms.of("metric-anomaly", Map.of("streams", 20))
                        .fit(rows.from(origins), 1)
                        .file());
    }

    static Contracts contracts() {
        return new Contracts(
                List.of(OdcsReader.read(Path.of("readings.odcs.yaml"), READINGS).orThrow()));
    }

    static CompiledView view() {
        return view("driving", DRIVING);
    }

    private static CompiledView view(String name, String text) {
        return FeatureViewReader.read(Path.of(name + ".yaml"), text, contracts()).orThrow();
    }

    /// @param keys more of them, as `missing: nan`, or `set: both`
    static Scoring scoring(String keys) {
        return read(keys, "");
    }

    /// The same, which is watched.
    ///
    /// @param keys of `monitoring`
    static Scoring watched(String keys) {
        return read("", "monitoring:\n" + keys.indent(2));
    }

    private static Scoring read(String keys, String behind) {
        String text =
                """
                scoring:
                  model: risk
                  view: driving
                """
                        + (keys.contains("outputs:") ? "" : "  outputs: {score: variable}\n")
                        + keys.indent(2)
                        + behind;
        List<CompiledView> views = List.of(view(), view("strain", STRAIN));
        FeatureSet both = FeatureSetReader.read(Path.of("both.yaml"), BOTH, views).orThrow();
        return ScoringReader.read(
                        Path.of("risk.yaml"),
                        text,
                        ScoringReader.Known.sound(contracts(), views, List.of(both)))
                .orThrow();
    }
}
