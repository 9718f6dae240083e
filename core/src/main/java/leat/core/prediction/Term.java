package leat.core.prediction;

import leat.core.event.Position;

/// From which vector of a partition on a line-up predicts, until the next term of the partition.
///
/// @param scoring `failure-risk.v1`
/// @param from the position of the first vector that it predicts of
public record Term(String scoring, Position from, Lineup lineup) {}
