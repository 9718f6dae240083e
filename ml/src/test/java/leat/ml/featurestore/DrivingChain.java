package leat.ml.featurestore;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import leat.core.contract.Contracts;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureViewReader;

/// Views that are made of each other, each follows the one before it: `driving`, of a contract;
/// `calm`, of the same cars; `paces`, of roads, whose events stand on all partitions of `calm`.
final class DrivingChain {

    private DrivingChain() {}

    static ViewDefinition driving(int version) {
        return DrivingVersions.CARS.definition(version);
    }

    static ViewDefinition calm(int version) {
        return calm(version, version);
    }

    /// @param driving the version of the view that it reads
    static ViewDefinition calm(int version, int driving) {
        return view(
                "calm",
                driving(driving),
                """
                version: %d
                entity: car
                source: driving
                hop: 10s
                features:
                  - {name: road, expression: event.road}
                  - {name: vectors, aggregate: count, windows: 10m}
                  - name: pace
                    expression: event.speed_mean_1m
                    aggregate: [mean, max, last]
                    windows: 1m
                """
                        .formatted(version));
    }

    static ViewDefinition paces(int version) {
        return view(
                "paces",
                calm(version),
                """
                version: %d
                entity: road
                source: calm
                key: road
                hop: exact
                features:
                  - {name: cars, expression: event.entity, aggregate: distinct, windows: 10m}
                  - {name: pace, expression: event.pace_mean_1m, aggregate: mean, windows: 10m}
                """
                        .formatted(version));
    }

    /// A view whose source is the other.
    private static ViewDefinition view(String name, ViewDefinition source, String text) {
        CompiledView made =
                FeatureViewReader.read(
                                Path.of("features/" + name + ".yaml"),
                                text,
                                new Contracts(List.of(Driving.SOURCE)),
                                List.of(source.flow().compiled()))
                        .orThrow();
        return new ViewDefinition(new FeatureFlow(made), text);
    }

    static List<ViewDefinition> definitions(int version) {
        return List.of(driving(version), calm(version), paces(version));
    }

    static List<FeatureFlow> flows(int version) {
        return flows(definitions(version).stream());
    }

    static List<FeatureFlow> flows(Stream<ViewDefinition> definitions) {
        return definitions.map(ViewDefinition::flow).toList();
    }
}
