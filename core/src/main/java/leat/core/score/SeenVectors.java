package leat.core.score;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import leat.core.monitor.Profile;

/// The newest vectors of a view.
///
/// @param count how many were looked at
/// @param newest the query time of the newest of them
/// @param position of the newest of them
/// @param profile of their features, by the intervals of the version's training profile; empty
///   where there is none
/// @param delayMillis from an event to its vector, of 99 of 100; empty where that is not known
public record SeenVectors(
        long count,
        Instant newest,
        String position,
        Optional<Profile> profile,
        OptionalLong delayMillis) {}
