package leat.core.scoring;

import java.util.List;

/// Whoever has models. The shell gives it to the core.
@FunctionalInterface
public interface Predictor {

    /// Asks one version for all rows. May wait; what cannot be answered in time is a
    /// [Predicted.Failed] and no exception.
    ///
    /// @return one for each row, in their order
    List<Predicted> predict(PredictionRequest request);
}
