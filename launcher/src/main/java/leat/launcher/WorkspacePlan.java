package leat.launcher;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.feature.FeatureSet;
import leat.core.prediction.Scoring;
import leat.core.training.Training;
import leat.launcher.config.Workspace;
import leat.ml.monitor.ModelMonitorTopics;
import leat.ml.registry.RegistryTopics;
import leat.ml.scorer.ScorerTopics;
import leat.ml.tracking.TrackingLog;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakeTables;
import leat.stream.lake.TableChange;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicChange;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import leat.stream.monitor.MonitorTopics;
import org.apache.kafka.clients.admin.Admin;

/// What stands between a workspace and its log and lake.
public final class WorkspacePlan {

    private WorkspacePlan() {}

    /// One line of a plan.
    ///
    /// @param action `create`, `keep`, `change` or `refuse`
    /// @param kind `contract`, `view`, `set`, `scoring`, `topic` or `table`
    public record Line(String action, String kind, String name, String detail) {}

    /// Compares the workspace with what is there. Of a workspace whose embedded parts have never
    /// run, nothing is there, and nothing has to run for its plan.
    ///
    /// @throws UserError when the log does not answer
    public static List<Line> of(Workspace workspace, int portOffset) {
        Optional<LogConnection> log =
                WorkspaceLog.isStillToBeMade(workspace)
                        ? Optional.empty()
                        : Optional.of(WorkspaceLog.answering(workspace, portOffset));
        List<Line> lines = new ArrayList<>(contracts(workspace, log));
        lines.addAll(views(workspace, log));
        workspace.sets().forEach(set -> lines.add(line(set)));
        workspace.scorings().forEach(scoring -> lines.add(line(scoring)));
        workspace.trainings().forEach(training -> lines.add(line(training)));
        topicChanges(workspace, log).forEach(change -> lines.add(line(change)));
        if (hasNoLakeYet(workspace)) {
            lines.addAll(newTables(workspace));
            return lines;
        }
        try (LakeCatalog catalog = WorkspaceLake.open(workspace)) {
            LakeTables tables = new LakeTables(catalog);
            for (Contract contract : workspace.contracts().all()) {
                tables.plan(contract).forEach(change -> lines.add(line(change)));
            }
            for (Contract view : workspace.vectors()) {
                lines.add(line(tables.planVectors(view)));
            }
            for (Contract predictions : workspace.predictions()) {
                lines.add(line(tables.planPredictions(predictions)));
            }
        }
        return lines;
    }

    private static List<Line> contracts(Workspace workspace, Optional<LogConnection> log) {
        return log.map(present -> new ContractRegistration(workspace, present).plan())
                .orElseGet(() -> ContractRegistration.firstPlan(workspace));
    }

    private static List<TopicChange> topicChanges(
            Workspace workspace, Optional<LogConnection> log) {
        List<TopicSpec> wanted = topics(workspace);
        if (log.isEmpty()) {
            return wanted.stream().<TopicChange>map(TopicChange.Create::new).toList();
        }
        try (Admin admin = log.get().admin()) {
            return new Topics(admin, workspace.config().log().replicationFactor()).plan(wanted);
        }
    }

    private static boolean hasNoLakeYet(Workspace workspace) {
        return workspace.config().lake().store().catalog().isEmpty()
                && !Files.exists(workspace.stateFolder().resolve("lake.db"));
    }

    private static List<Line> newTables(Workspace workspace) {
        Stream<String> ofContracts =
                workspace.contracts().all().stream()
                        .map(Contract::tableName)
                        .flatMap(table -> Stream.of(table, table + "_dead"));
        Stream<String> ofViews =
                Stream.concat(workspace.vectors().stream(), workspace.predictions().stream())
                        .map(Contract::tableName);
        return Stream.concat(ofContracts, ofViews)
                .map(table ->
                        new Line("create", "table", workspace.names().prefix() + "." + table, ""))
                .toList();
    }

    /// The topics of all contracts of a workspace, those of the registry, of extractions, of
    /// tracking and of models, and those of feature views, of scorings and of the monitor where
    /// there is something to do.
    static List<TopicSpec> topics(Workspace workspace) {
        List<TopicSpec> topics = new ArrayList<>();
        topics.add(TopicSpec.compacted(workspace.names().contracts(), 1));
        topics.add(TopicSpec.compacted(workspace.names().extractions(), 1));
        topics.addAll(TrackingLog.topics(workspace.names()));
        topics.addAll(new RegistryTopics(workspace.names()).specs());
        if (workspace.config().collector().mqtt().enabled()) {
            topics.add(TopicSpec.passing(workspace.names().mqttSessions()));
        }
        for (Contract contract : workspace.contracts().all()) {
            topics.addAll(TopicSpec.of(workspace.names(), contract));
        }
        if (!workspace.features().isEmpty()) {
            topics.addAll(ViewRegistration.topics(workspace));
        }
        topics.addAll(new ScorerTopics(workspace.names()).specs(workspace.scorings()));
        if (workspace.judged().hasRules() || workspace.watchesModels()) {
            topics.addAll(new MonitorTopics(workspace.names()).specs());
        }
        if (workspace.watchesModels()) {
            topics.addAll(new ModelMonitorTopics(workspace.names()).specs());
        }
        return List.copyOf(topics);
    }

    private static List<Line> views(Workspace workspace, Optional<LogConnection> log) {
        return log.filter(_ -> !workspace.features().isEmpty())
                .map(present -> new ViewRegistration(workspace, present).plan())
                .orElseGet(() -> ViewRegistration.firstPlan(workspace));
    }

    /// Nothing is made for a set.
    private static Line line(FeatureSet set) {
        return new Line(
                "keep",
                "set",
                set.name().value(),
                set.members().size()
                        + " features of a "
                        + set.entity()
                        + " from "
                        + String.join(", ", set.views()));
    }

    /// Nothing is made for a training before it runs.
    private static Line line(Training training) {
        return new Line(
                "keep",
                "training",
                training.name().value(),
                training.model()
                        + " by "
                        + training.algorithm().name()
                        + " from "
                        + training.data()
                                .set()
                                .map(set -> "the set " + set.value())
                                .orElseGet(() -> training.data().view().view().nameAndVersion()));
    }

    /// Nothing is made for a scoring but its topics and tables.
    private static Line line(Scoring scoring) {
        return new Line(
                "keep",
                "scoring",
                scoring.nameAndVersion(),
                scoring.model()
                        + "@"
                        + scoring.champion()
                        + " of "
                        + scoring.set()
                                .map(set -> "the set " + set.value())
                                .orElseGet(() -> scoring.view().view().nameAndVersion()));
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
