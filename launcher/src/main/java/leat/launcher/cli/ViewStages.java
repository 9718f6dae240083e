package leat.launcher.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;
import leat.ml.featurestore.BackfillStatus;
import leat.ml.featurestore.FeatureBackfill;
import leat.ml.featurestore.FeatureFlow;
import leat.ml.featurestore.ViewRefused;
import leat.stream.log.LogConnection;

/// The computation of a workspace's feature views, as stages of the contracts that they are made
/// of, in `leat status`.
final class ViewStages {

    private final FeatureBackfill backfill;
    private final List<FeatureFlow> flows;

    ViewStages(Workspace workspace, LogConnection log) {
        this.backfill = new FeatureBackfill(log, workspace.names());
        this.flows = workspace.features().stream().map(FeatureFlow::new).toList();
    }

    /// How far all were at a time of the JVM's clock.
    record Sample(long nanos, List<BackfillStatus> statuses) {}

    Sample sample() {
        try {
            List<BackfillStatus> statuses = flows.isEmpty() ? List.of() : backfill.look(flows);
            return new Sample(System.nanoTime(), statuses);
        } catch (ViewRefused e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    /// The stages of a contract.
    List<StatusCommand.Shown> of(String contract, String lifecycle, Sample before, Sample now) {
        double seconds = (now.nanos() - before.nanos()) / 1e9;
        List<StatusCommand.Shown> shown = new ArrayList<>();
        for (int i = 0; i < flows.size(); i++) {
            if (flows.get(i).compiled().origin().nameAndMajor().equals(contract)) {
                BackfillStatus was = before.statuses().get(i);
                BackfillStatus is = now.statuses().get(i);
                shown.add(
                        shown(
                                flows.get(i),
                                contract,
                                lifecycle,
                                is,
                                Math.max(0, is.processed() - was.processed()) / seconds));
            }
        }
        return shown;
    }

    private static StatusCommand.Shown shown(
            FeatureFlow flow,
            String contract,
            String lifecycle,
            BackfillStatus status,
            double rate) {
        return new StatusCommand.Shown(
                contract,
                lifecycle,
                FeatureFlow.ROLE + "." + flow.name(),
                status.state() != BackfillStatus.State.WAITING,
                rate,
                Math.max(0, status.total() - status.processed()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
