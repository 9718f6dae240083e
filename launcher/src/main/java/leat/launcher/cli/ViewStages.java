package leat.launcher.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.launcher.UserError;
import leat.launcher.ViewRegistration;
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
        this.flows = ViewRegistration.flows(workspace);
    }

    /// How far all are.
    BackfillSample sample() {
        if (flows.isEmpty()) {
            return new BackfillSample(System.nanoTime(), List.of());
        }
        try {
            return BackfillSample.of(backfill, flows);
        } catch (ViewRefused e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    /// The stages of a contract.
    List<StatusCommand.Shown> of(
            String contract, String lifecycle, BackfillSample before, BackfillSample now) {
        List<StatusCommand.Shown> shown = new ArrayList<>();
        for (int i = 0; i < flows.size(); i++) {
            FeatureFlow flow = flows.get(i);
            if (flow.compiled().origin().nameAndMajor().equals(contract)) {
                shown.add(
                        shown(
                                flow,
                                contract,
                                lifecycle,
                                now.statuses().get(i),
                                now.rate(before, i)));
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
