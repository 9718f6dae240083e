package leat.console;

import java.util.List;
import leat.stream.monitor.AlertStanding;

/// The alerts as the console shows them.
public interface AlertSource {

    /// Of a platform without alerts.
    AlertSource NONE =
            new AlertSource() {
                @Override
                public List<AlertStanding> list() {
                    return List.of();
                }

                @Override
                public void acknowledge(AlertStanding alert) {
                    throw new IllegalStateException("there is no alert to acknowledge");
                }
            };

    /// All that were ever raised by rules that the contracts have.
    ///
    /// @throws leat.stream.log.LogUnavailable when the log does not answer
    List<AlertStanding> list();

    /// Tells the monitor that somebody has taken an alert up.
    ///
    /// @throws leat.stream.log.LogUnavailable when the log does not answer
    void acknowledge(AlertStanding alert);
}
