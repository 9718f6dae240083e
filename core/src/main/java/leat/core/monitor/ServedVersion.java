package leat.core.monitor;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/// What a version that answers, or has answered, costs.
///
/// @param answering whether it did in the last window with predictions
/// @param rowSeconds how long it took for a row, in the last window with enough of them; empty
///   until there was one since it came
/// @param bytes the size of its files, where that is known
public record ServedVersion(boolean answering, OptionalDouble rowSeconds, OptionalLong bytes) {}
