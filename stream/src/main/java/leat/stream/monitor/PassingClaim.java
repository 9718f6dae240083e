package leat.stream.monitor;

import java.util.OptionalLong;

/// What is to be shown before it can be said of a source that all its events up to a time have been
/// counted: the enricher has read what stood in raw at that time, and the monitor what then stood
/// in the source.
///
/// @param atMillis the time
/// @param rawEnd where raw ended then; 0 for a source that is not made of raw
/// @param sourceEnd where the source ended after the enricher had read so far; empty until it has
record PassingClaim(long atMillis, long rawEnd, OptionalLong sourceEnd) {

    /// Positions of a source in the order in which they were looked up, which the reasoning needs.
    ///
    /// @param enricher how far the enricher has read raw
    /// @param sourceEnd where the source ended after that
    /// @param monitor how far the monitor had read the source after that
    /// @param nowMillis a time after that
    /// @param rawEnd where raw ended at that time
    record Look(long enricher, long sourceEnd, long monitor, long nowMillis, long rawEnd) {}

    /// The first claim.
    static PassingClaim of(Look look) {
        return new PassingClaim(look.nowMillis(), look.rawEnd(), OptionalLong.empty());
    }

    /// The claim as far as a look shows it.
    PassingClaim after(Look look) {
        boolean read = sourceEnd.isEmpty() && look.enricher() >= rawEnd;
        return read ? new PassingClaim(atMillis, rawEnd, OptionalLong.of(look.sourceEnd())) : this;
    }

    /// Whether it is shown, by the look it was brought up to.
    boolean shown(Look look) {
        return sourceEnd.isPresent() && look.monitor() >= sourceEnd.getAsLong();
    }
}
