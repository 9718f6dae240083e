package leat.ml.training.algorithm;

import java.util.Map;

/// A way to learn, with its parameters set. It keeps nothing between two fits.
public interface Algorithm {

    String name();

    Task task();

    /// All parameters with the values they have, defaults among them, in the order of the
    /// reference.
    Map<String, String> parameters();

    /// Learns from rows. The same rows and seed give the same bytes.
    ///
    /// @throws TrainingRefused when nothing can be learned from these rows, with what to do
    Fitted fit(Rows training, long seed);
}
