package leat.core.model;

/// That an alias was made to point to a version.
///
/// @param id of the command that did it; empty where it has none
/// @param atMillis when; 0 where that is not known
/// @param against what spoke against it, and was overruled; empty for nothing
/// @param because why, in the words of whoever did it; empty where nobody said it
public record AliasMove(
        String id, Kind kind, int version, long atMillis, String against, String because) {

    /// Which way it goes.
    public enum Kind {
        /// On to another version, which may be an earlier one.
        ON,

        /// Back to the version that it was at before the one it leaves.
        BACK
    }
}
