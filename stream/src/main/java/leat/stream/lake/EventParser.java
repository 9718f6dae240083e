package leat.stream.lake;

import java.util.function.Function;
import leat.core.contract.Contract;
import leat.core.outcome.Outcome;

/// Reads an enriched event's JSON into the row of its contract. One parser serves many threads.
@FunctionalInterface
public interface EventParser {

    /// The row, or why the value is none of the contract's.
    Outcome parse(byte[] json);

    /// Makes the parser of each contract.
    interface Factory extends Function<Contract, EventParser> {}
}
