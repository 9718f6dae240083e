package leat.stream.reference;

import leat.core.validate.Row;

/// What reference data says of a key.
public sealed interface Found {

    /// Which state of the reference data says so.
    Seen seen();

    /// The row of the key.
    record Hit(Row row, Seen seen) implements Found {}

    /// There is no row, or it was deleted.
    record Miss(Seen seen) implements Found {}

    /// There is a row, and this version of the contract cannot read it.
    record Unreadable(String why, Seen seen) implements Found {}
}
