package leat.launcher;

import java.util.ArrayList;
import java.util.List;
import leat.core.contract.Contract;
import leat.launcher.config.Workspace;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakeTables;
import leat.stream.lake.TableChange;
import leat.stream.log.TopicChange;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;

/// What stands between a workspace and its log and lake.
public final class WorkspacePlan {

    private WorkspacePlan() {}

    /// One line of a plan.
    ///
    /// @param action `create`, `keep`, `change` or `refuse`
    /// @param kind `topic` or `table`
    public record Line(String action, String kind, String name, String detail) {}

    /// Compares the workspace with what is there.
    ///
    /// @throws leat.stream.log.LogUnavailable when the log does not answer
    public static List<Line> of(Workspace workspace, int portOffset) {
        List<Line> lines = new ArrayList<>();
        try (Admin admin = workspace.log(portOffset).admin()) {
            Topics topics = new Topics(admin, workspace.config().log().replicationFactor());
            topics.plan(topics(workspace)).forEach(change -> lines.add(line(change)));
        }
        try (LakeCatalog catalog = LakeCatalog.open(workspace.lakeStore(), workspace.names())) {
            LakeTables tables = new LakeTables(catalog);
            for (Contract contract : workspace.contracts().all()) {
                tables.plan(contract).forEach(change -> lines.add(line(change)));
            }
        }
        return lines;
    }

    /// The topics of all contracts of a workspace.
    static List<TopicSpec> topics(Workspace workspace) {
        return workspace.contracts().all().stream()
                .flatMap(contract -> TopicSpec.of(workspace.names(), contract).stream())
                .toList();
    }

    private static Line line(TopicChange change) {
        return switch (change) {
            case TopicChange.Create(TopicSpec spec) ->
                    new Line("create", "topic", spec.name(), spec.partitions() + " partitions");
            case TopicChange.Keep(String topic) -> new Line("keep", "topic", topic, "");
            case TopicChange.Differs(String topic, List<String> differences, String remedy) ->
                    new Line(
                            "refuse",
                            "topic",
                            topic,
                            String.join("; ", differences) + ": " + remedy);
        };
    }

    private static Line line(TableChange change) {
        return switch (change) {
            case TableChange.Create create ->
                    new Line("create", "table", create.table().toString(), "");
            case TableChange.Keep keep -> new Line("keep", "table", keep.table().toString(), "");
            case TableChange.Evolve evolve ->
                    new Line(
                            "change",
                            "table",
                            evolve.table().toString(),
                            String.join(
                                    "; ", evolve.steps().stream().map(Object::toString).toList()));
            case TableChange.Refused refused ->
                    new Line(
                            "refuse",
                            "table",
                            refused.table().toString(),
                            String.join("; ", refused.problems()) + ": " + refused.remedy());
        };
    }
}
