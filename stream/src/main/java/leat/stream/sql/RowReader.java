package leat.stream.sql;

import leat.core.outcome.Outcome;

/// Reads the value of an enriched record as the contract's typed row.
@FunctionalInterface
public interface RowReader {

    Outcome read(byte[] json);
}
