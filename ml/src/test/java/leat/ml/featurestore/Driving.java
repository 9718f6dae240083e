package leat.ml.featurestore;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.contract.FieldPath;
import leat.core.contract.Quality;
import leat.core.event.EventHeaders;
import leat.core.feature.Aggregate;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureView;
import leat.core.feature.FeatureView.Feature;
import leat.core.feature.FeatureView.Windowed;
import leat.core.odcs.OdcsReader;
import leat.core.yaml.Problems;
import leat.core.yaml.ProblemsException;
import leat.stream.log.EventHeader;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// A contract of cars on three partitions, and a view of how they drive.
final class Driving {

    static final int PARTITIONS = 3;

    static final Contract SOURCE =
            OdcsReader.read(
                            Path.of("drives.odcs.yaml"),
                            """
                            apiVersion: v3.1.0
                            kind: DataContract
                            id: drives
                            version: 1.2.0
                            status: active
                            schema:
                              - name: drives
                                properties:
                                  - {name: car, logicalType: string}
                                  - {name: speed, logicalType: number}
                                  - {name: gear, logicalType: integer}
                                  - {name: road, logicalType: string}
                            customProperties:
                              - {property: leat.key, value: car}
                              - {property: leat.partitions, value: 3}
                            """)
                    .orThrow();

    static final FeatureFlow FLOW = flow(1, "event.speed");

    /// The same of roads, whose events stand on all partitions of the source.
    static final FeatureFlow ROADS = flow(roads());

    private Driving() {}

    /// @param speed the expression of the speed's features
    static FeatureFlow flow(int version, String speed) {
        return flow(view(version, speed, "How cars drive"));
    }

    static FeatureFlow flow(FeatureView view) {
        Problems problems = new Problems();
        return CompiledView.compile(view, SOURCE, problems)
                .map(FeatureFlow::new)
                .orElseThrow(() -> new ProblemsException(problems.list()));
    }

    static FeatureView view(int version, String speed, String description) {
        return new FeatureView(
                new ContractName("driving"),
                version,
                description,
                Optional.empty(),
                List.of(),
                "car",
                "drives",
                new FieldPath(List.of("car")),
                Optional.of("event.gear != -1"),
                Duration.ofSeconds(10),
                Optional.empty(),
                List.of(
                        feature("road", Optional.of("event.road"), Optional.empty()),
                        feature("events_10m", Optional.empty(), window(Aggregate.COUNT, 600)),
                        feature("speed_mean_1m", Optional.of(speed), window(Aggregate.MEAN, 60)),
                        feature("speed_sum_10m", Optional.of(speed), window(Aggregate.SUM, 600)),
                        feature("speed_dev_10m", Optional.of(speed), window(Aggregate.STDDEV, 600)),
                        feature("speed_max_1m", Optional.of(speed), window(Aggregate.MAX, 60)),
                        feature(
                                "gear_last_1m",
                                Optional.of("event.gear"),
                                window(Aggregate.LAST, 60)),
                        feature(
                                "roads_10m",
                                Optional.of("event.road"),
                                window(Aggregate.DISTINCT, 600))),
                Quality.NONE,
                Path.of("features/driving.yaml"));
    }

    private static FeatureView roads() {
        FeatureView cars = view(1, "event.speed", "How roads are driven");
        return new FeatureView(
                new ContractName("roads"),
                cars.version(),
                cars.description(),
                cars.owner(),
                cars.tags(),
                "road",
                cars.source(),
                new FieldPath(List.of("road")),
                cars.where(),
                cars.hop(),
                cars.ttl(),
                cars.features(),
                cars.expected(),
                Path.of("features/roads.yaml"));
    }

    private static Feature feature(
            String name, Optional<String> expression, Optional<Windowed> window) {
        return new Feature(name, "", expression, window);
    }

    private static Optional<Windowed> window(Aggregate aggregate, int seconds) {
        return Optional.of(
                new Windowed(aggregate, Optional.empty(), Duration.ofSeconds(seconds), 1_000));
    }

    /// A gear of -1 is not of the view.
    static byte[] event(String car, double speed, int gear, String road) {
        return ("{\"car\":\""
                        + car
                        + "\",\"speed\":"
                        + speed
                        + ",\"gear\":"
                        + gear
                        + ",\"road\":\""
                        + road
                        + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    static Headers headers(long timeMicros) {
        RecordHeaders headers = new RecordHeaders();
        EventHeader.add(headers, EventHeaders.EVENT_TIME, Long.toString(timeMicros));
        EventHeader.add(headers, EventHeaders.CONTRACT_VERSION, SOURCE.version().toString());
        return headers;
    }
}
