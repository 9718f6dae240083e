package leat.ml.online;

import java.util.List;
import leat.core.scoring.ModelFailed;

/// A model of numbers that goes on learning. Its state is a pure function of what it began with and
/// the rows it has learned from; to be asked changes nothing. For one thread.
public interface Learner {

    /// What it says of a row: a [Long] or [Double] for each output of its algorithm, in their
    /// order.
    ///
    /// @param row scaled, without NaN
    /// @throws ModelFailed when it has learned from too few rows to say anything
    List<Object> say(float[] row);

    /// Learns from a row.
    ///
    /// @param row scaled, without NaN; not changed afterwards
    void learn(float[] row);

    /// All it is made of; [OnlineModel#restore] makes one of it that goes on as this one does, bit
    /// for bit.
    byte[] state();
}
