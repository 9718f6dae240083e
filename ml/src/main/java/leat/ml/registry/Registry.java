package leat.ml.registry;

import java.util.function.Function;
import leat.core.model.ModelCommand;
import leat.core.model.ModelFold;
import leat.core.tracking.TrackingError;
import leat.core.tracking.TrackingRefused;
import leat.stream.log.LogUnavailable;

/// Registered and logged models, read and written. For many threads.
public interface Registry {

    /// Refuses everything, where no models are kept.
    Registry NONE =
            new Registry() {
                @Override
                public <T> T read(Function<ModelFold, T> question) {
                    throw refused();
                }

                @Override
                public void write(ModelCommand command) {
                    throw refused();
                }

                private TrackingRefused refused() {
                    return new TrackingRefused(
                            TrackingError.ENDPOINT_NOT_FOUND, "No models are kept here.");
                }
            };

    /// Asks the state with everything that was written before the call, by whomever.
    ///
    /// @param question is asked while nothing changes; it has to be short
    /// @throws LogUnavailable when Kafka does not answer
    <T> T read(Function<ModelFold, T> question);

    /// Does a command. When it returns, everybody can read what it wrote.
    ///
    /// @throws TrackingRefused when it may not be done
    /// @throws LogUnavailable when Kafka does not do it, or does not say whether it did
    void write(ModelCommand command);
}
