package leat.core.score;

/// The newest predictions of a scoring.
///
/// @param count how many were looked at
/// @param ofVersion how many of them the judged version made
/// @param failed how many of these have no values
/// @param unstable how many of those have none because the model gave no finite number
/// @param newest the id of the newest that the judged version made; empty for none
public record SeenPredictions(
        long count, long ofVersion, long failed, long unstable, String newest) {}
