package leat.core.tracking;

import java.util.List;

/// Something to be done. It may be decided on more than once, where nobody can say whether the
/// records of the first time were written; so what it makes has its id from the command.
public sealed interface TrackingCommand permits ExperimentCommand, RunCommand {

    /// What is to be written, in one transaction.
    ///
    /// @param runId whose points these are; empty where there are none
    /// @param points of metrics; the newest of each is a record once their offsets are known, see
    ///   [LoggedPoints]
    record Decision(List<TrackingRecord> records, String runId, List<Metric> points) {
        public Decision {
            records = List.copyOf(records);
            points = List.copyOf(points);
        }

        static Decision of(List<TrackingRecord> records) {
            return new Decision(records, "", List.of());
        }

        static Decision of(TrackingRecord... records) {
            return of(List.of(records));
        }

        public boolean isEmpty() {
            return records.isEmpty() && points.isEmpty();
        }
    }

    /// Decides on the state as it is.
    ///
    /// @throws TrackingRefused when it may not be done
    Decision decide(TrackingFold state, long nowMillis);
}
