package leat.core.prediction;

/// An alias whose version is tried beside the champion.
public sealed interface Challenger {

    /// Shares are counted in so many parts, each a hundredth of a percent of all keys.
    int PARTS = 10_000;

    String alias();

    /// It answers in the champion's place for some of the keys, always the same ones.
    ///
    /// @param share of the keys, in parts of [#PARTS]
    record Canary(String alias, int share) implements Challenger {}

    /// It predicts of every vector too, apart from the answers.
    record Shadow(String alias) implements Challenger {}
}
