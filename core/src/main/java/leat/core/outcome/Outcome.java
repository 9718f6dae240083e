package leat.core.outcome;

import java.util.List;
import leat.core.validate.Row;

/// What a contract says of an event: the typed row, or every reason for refusal.
public sealed interface Outcome {

    /// The event keeps the contract.
    ///
    /// @param unknownFields whether it holds fields that the contract does not name, at any level
    record Valid(Row row, boolean unknownFields) implements Outcome {
        public Valid(Row row) {
            this(row, false);
        }
    }

    /// The event breaks it; `reasons` is not empty and capped at [#MAX_REASONS].
    record Rejected(List<Reason> reasons) implements Outcome {
        public static final int MAX_REASONS = 50;

        public Rejected {
            reasons = List.copyOf(reasons);
            if (reasons.isEmpty()) {
                throw new IllegalArgumentException("a rejection needs a reason");
            }
        }
    }
}
