package leat.launcher;

import java.util.List;
import leat.console.AlertSource;
import leat.core.contract.Contract;
import leat.stream.monitor.AlertLog;
import leat.stream.monitor.AlertStanding;

/// The alerts of the workspace's contracts and feature views as they stand on the log.
record LoggedAlerts(AlertLog log, List<Contract> contracts) implements AlertSource {

    @Override
    public List<AlertStanding> list() {
        return log.list(contracts);
    }

    @Override
    public void acknowledge(AlertStanding alert) {
        log.acknowledge(alert);
    }
}
