package leat.stream.search;

import leat.core.outcome.Reason;

/// What a record of the log becomes: a document, or the reason why it cannot be one.
sealed interface Document {

    /// Ready to be sent.
    record Ready(BulkItem item) implements Document {}

    /// Not even to be tried.
    record Impossible(Reason reason) implements Document {}
}
