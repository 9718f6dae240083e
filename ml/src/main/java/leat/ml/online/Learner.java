package leat.ml.online;

import java.util.List;
import leat.core.scoring.ModelFailed;

/// A model of numbers that goes on learning. Its state is a pure function of what it began with and
/// the rows it has learned from; to be asked changes nothing. For one thread.
public interface Learner {

    /// What it says of a row: a [Long] or [Double] for each output of its algorithm, in their
    /// order.
    ///
    /// @param row made by its [OnlineModel]
    /// @throws ModelFailed when it cannot say anything, having learned from too few rows, say
    List<Object> say(OnlineRow row);

    /// Learns from a row.
    ///
    /// @param row made by its [OnlineModel]
    void learn(OnlineRow row);

    /// What it says of a row, from which it then learns, whether it could say anything or not.
    ///
    /// @throws ModelFailed as [#say]
    default List<Object> sayAndLearn(OnlineRow row) {
        try {
            return say(row);
        } finally {
            learn(row);
        }
    }

    /// All it is made of; [OnlineModel#restore] makes one of it that goes on as this one does, bit
    /// for bit.
    byte[] state();
}
