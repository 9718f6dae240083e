package leat.ml.training;

/// Is told how far a training is. Called from one thread.
@FunctionalInterface
public interface TrainingProgress {

    TrainingProgress NONE = (_, _, _) -> {};

    /// Something of it is done.
    ///
    /// @param phase what is being done, as people read it
    /// @param done of it, in records or models
    /// @param total how much there is of it in all; 0 where that is not known
    void at(String phase, long done, long total);
}
