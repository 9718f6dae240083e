package leat.ml.tracking;

import java.util.function.Function;
import leat.core.tracking.Metric;
import leat.core.tracking.TrackingCommand;
import leat.core.tracking.TrackingError;
import leat.core.tracking.TrackingFold;
import leat.core.tracking.TrackingRefused;
import leat.core.tracking.search.Page;
import leat.core.tracking.search.PageRequest;
import leat.stream.log.LogUnavailable;

/// Experiments and runs, read and written. For many threads.
public interface Tracking {

    /// Refuses everything, where nothing is tracked.
    Tracking NONE =
            new Tracking() {
                @Override
                public <T> T read(Function<TrackingFold, T> question) {
                    throw refused();
                }

                @Override
                public void write(TrackingCommand command) {
                    throw refused();
                }

                @Override
                public Page<Metric> history(String runId, String metric, PageRequest page) {
                    throw refused();
                }

                private TrackingRefused refused() {
                    return new TrackingRefused(
                            TrackingError.ENDPOINT_NOT_FOUND, "Nothing is tracked here.");
                }
            };

    /// Asks the state with everything that was written before the call, by whomever.
    ///
    /// @param question is asked while nothing changes; it has to be short
    /// @throws LogUnavailable when Kafka does not answer
    <T> T read(Function<TrackingFold, T> question);

    /// Does a command. When it returns, everybody can read what it wrote.
    ///
    /// @throws TrackingRefused when it may not be done
    /// @throws LogUnavailable when Kafka does not do it, or does not say whether it did
    void write(TrackingCommand command);

    /// All points of a metric of a run, in the order in which they were logged, each once.
    ///
    /// @throws TrackingRefused when there is no such run
    /// @throws LogUnavailable when Kafka does not answer
    Page<Metric> history(String runId, String metric, PageRequest page);
}
