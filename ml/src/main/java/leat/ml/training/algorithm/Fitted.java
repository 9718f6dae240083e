package leat.ml.training.algorithm;

import leat.core.scoring.OutputValue;

/// What was learned. Any number of threads may ask it.
public interface Fitted {

    /// The model in ONNX, a new array with each call. Its one input is `features`, floats in a
    /// shape of rows and features; NaN means that a value is missing.
    byte[] onnx();

    /// Which of the model's outputs is the score.
    OutputValue score();

    /// A score for each row, as the exported model gives it, but for the rounding of floats.
    ///
    /// @param rows with the training's features in their order
    /// @throws IllegalArgumentException when the rows have other features
    float[] scores(Rows rows);
}
