package leat.core.contract;

/// What becomes of a field that the contract does not name.
public enum UnknownFields {
    /// The event is dead, the field is named in the reason. The default.
    REJECT,
    /// The field stays in the enriched event; search and lake do not see it.
    KEEP,
    /// The field is left out of the enriched event.
    DROP
}
