package leat.ml.featurestore;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import leat.core.contract.Contracts;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureViewReader;
import leat.core.yaml.Problems;
import leat.core.yaml.ProblemsException;

/// Versions of a view of how cars drive, as text: each sees speeds in another unit.
final class DrivingVersions {

    /// What makes them again.
    static final DefinitionReader DEFINITIONS = new DefinitionReader(List.of(Driving.SOURCE));

    private static final Map<Integer, FeatureFlow> MADE = new ConcurrentHashMap<>();

    private DrivingVersions() {}

    static String text(int version) {
        return """
        version: %d
        entity: car
        source: drives
        where: event.gear != -1
        hop: 10s
        features:
          - name: road
            expression: event.road
          - name: events
            aggregate: count
            windows: 10m
          - name: speed
            expression: event.speed * %d.0
            aggregate: [mean, stddev, max]
            windows: [1m, 10m]
        """
                .formatted(version, version);
    }

    static FeatureFlow flow(int version) {
        return MADE.computeIfAbsent(version, DrivingVersions::make);
    }

    private static FeatureFlow make(int version) {
        Problems problems = new Problems();
        return CompiledView.compile(
                        FeatureViewReader.read(
                                        Path.of("features/driving.yaml"),
                                        text(version),
                                        new Contracts(List.of(Driving.SOURCE)))
                                .orThrow(),
                        Driving.SOURCE,
                        problems)
                .map(FeatureFlow::new)
                .orElseThrow(() -> new ProblemsException(problems.list()));
    }

    static ViewDefinition definition(int version) {
        return new ViewDefinition(flow(version), text(version));
    }
}
