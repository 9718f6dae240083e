package leat.stream.search;

/// What the engine made of one document.
sealed interface ItemResult {

    /// It stands in the index now.
    record Indexed() implements ItemResult {}

    /// The index already had this version or a newer one: an earlier attempt was carried out.
    record AlreadyThere() implements ItemResult {}

    /// The document itself is at fault; trying again is no use.
    record Refused(String reason) implements ItemResult {}

    /// The engine could not do it now.
    record TryLater(String reason) implements ItemResult {}

    /// The index is not there: it was deleted behind the loader's back.
    record IndexGone(String reason) implements ItemResult {}
}
