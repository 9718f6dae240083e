package leat.ml.training;

/// The vectors of a view of a feature set, but for the one whose vectors are rows.
sealed interface OtherVectors permits EarlierVectors, EventVectors {

    /// Puts what the view has for a row to its places; they stay as they are where it has nothing.
    ///
    /// @param row the vector that the row is of
    void put(VectorReader.Vector row, float[] values);
}
