package leat.ml.featurestore;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import leat.core.contract.ContractName;
import leat.core.contract.Contracts;
import leat.core.feature.FeatureViewReader;

/// Versions of views of how cars drive and roads are driven, as text: each sees speeds in another
/// unit.
enum DrivingVersions {
    CARS("driving", "car"),

    /// Its events stand on all partitions of the source.
    ROADS("roads", "road");

    /// What makes them again.
    static final DefinitionReader DEFINITIONS = new DefinitionReader(List.of(Driving.SOURCE));

    private static final Map<String, FeatureFlow> MADE = new ConcurrentHashMap<>();

    private final String view;
    private final String entity;

    DrivingVersions(String view, String entity) {
        this.view = view;
        this.entity = entity;
    }

    ContractName view() {
        return new ContractName(view);
    }

    String text(int version) {
        return """
        version: %d
        entity: %s
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
                .formatted(version, entity, version);
    }

    FeatureFlow flow(int version) {
        return MADE.computeIfAbsent(view + version, _ -> make(version));
    }

    private FeatureFlow make(int version) {
        return new FeatureFlow(
                FeatureViewReader.read(
                                Path.of("features/" + view + ".yaml"),
                                text(version),
                                new Contracts(List.of(Driving.SOURCE)))
                        .orThrow());
    }

    ViewDefinition definition(int version) {
        return new ViewDefinition(flow(version), text(version));
    }
}
