package leat.core.scoring;

import java.time.Duration;
import java.util.Map;

/// A model that is ready to be asked, by any number of threads.
public interface Model {

    Signature signature();

    /// Runs the model once.
    ///
    /// @param inputs by name, all that the signature has
    /// @param patience how long it may take
    /// @return all outputs by name
    /// @throws ModelFailed when an input is missing or does not fit, or the model cannot be
    ///   computed
    /// @throws ModelTooSlow when it takes too long
    Map<String, Tensor> run(Map<String, Tensor> inputs, Duration patience);
}
