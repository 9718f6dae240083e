package leat.bench;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.EventIntake;
import leat.stream.collector.http.HttpDoor;
import leat.stream.log.LogConnection;

/// The collector with its default settings on a free port, and the requests it is sent.
final class RunningCollector implements AutoCloseable {

    private static final String NDJSON = "application/x-ndjson";

    private final EventIntake intake;
    private final HttpDoor door;

    private RunningCollector(EventIntake intake, HttpDoor door) {
        this.intake = intake;
        this.door = door;
    }

    static RunningCollector start(LogConnection log, Names names, Contract contract) {
        CollectorSettings defaults = CollectorSettings.defaults();
        CollectorSettings settings = defaults.withHttp(defaults.http().withPort(0));
        PrometheusRegistry registry = new PrometheusRegistry();
        EventIntake intake =
                EventIntake.open(
                        new EventIntake.Parts(log, names, List.of(contract), registry), settings);
        return new RunningCollector(intake, HttpDoor.open(intake, settings, registry));
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), door.port());
    }

    /// The events as requests of `batch` NDJSON lines each.
    static List<byte[]> batchRequests(Contract contract, List<byte[]> events, int batch) {
        return BenchEvents.batches(events, batch).stream()
                .map(body -> HttpLoad.request(path(contract), NDJSON, body))
                .toList();
    }

    /// Each event as a request of its own.
    static List<byte[]> singleRequests(Contract contract, List<byte[]> events) {
        return events.stream()
                .map(event -> HttpLoad.request(path(contract), "application/json", event))
                .toList();
    }

    private static String path(Contract contract) {
        return "/v1/events/" + contract.name();
    }

    @Override
    public void close() {
        door.close();
        intake.close();
    }
}
