package leat.ml.featurestore;

import java.util.ArrayList;
import java.util.List;
import leat.core.event.Names;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.admin.Admin;

/// Asks the log how far a workspace's views are on their way to serve, whether they run or not.
public record FeatureBackfill(LogConnection log, Names names) {

    /// One status a view, in their order.
    ///
    /// @throws leat.stream.log.LogUnavailable when Kafka does not answer
    /// @throws ViewRefused when the registry cannot be read
    public List<BackfillStatus> look(List<FeatureFlow> flows) {
        RegisteredViews registered = new FeatureRegistry(log, names).read();
        List<BackfillStatus> statuses = new ArrayList<>();
        try (Admin admin = log.admin()) {
            ViewPositions positions = new ViewPositions(admin, names);
            for (FeatureFlow flow : flows) {
                ViewPositions.Standing standing = positions.of(flow);
                statuses.add(
                        new BackfillStatus(
                                flow.compiled().view().name().value(),
                                flow.compiled().view().version(),
                                registered
                                        .serving(flow.compiled().view().name())
                                        .map(ServingHistory::terms)
                                        .orElse(List.of()),
                                standing.processed(),
                                standing.total()));
            }
        }
        return statuses;
    }
}
