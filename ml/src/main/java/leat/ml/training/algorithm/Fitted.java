package leat.ml.training.algorithm;

import java.util.Map;
import java.util.Optional;
import leat.core.scoring.OutputValue;

/// What was learned. Any number of threads may ask it.
public interface Fitted {

    /// What a file in ONNX is called.
    String ONNX_FILE = "model.onnx";

    /// The model as a file, a new array with each call: in ONNX, unless it learns as it scores. Its
    /// one input is `features`, floats in a shape of rows and features; NaN means that a value is
    /// missing.
    byte[] file();

    /// What the file is called.
    default String fileName() {
        return ONNX_FILE;
    }

    /// Which of the model's outputs is the score.
    OutputValue score();

    /// How far the exported model is known to be off, as the metrics `export/…`, where the file is
    /// all there is of it; empty where [#scores] is the learned model's own, so that the two can be
    /// compared.
    default Optional<Map<String, Double>> export() {
        return Optional.empty();
    }

    /// A score for each row, as the exported model gives it, but for the rounding of floats. One
    /// that learns as it scores does so, from the first row to the last.
    ///
    /// @param rows with the training's features in their order
    /// @throws IllegalArgumentException when the rows have other features
    float[] scores(Rows rows);
}
