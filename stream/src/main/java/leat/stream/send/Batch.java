package leat.stream.send;

import java.util.List;
import leat.client.Event;
import leat.core.contract.ContractName;

/// Rows of one input that go out together.
///
/// @param first the index of the first row in its input, counted from 0: with the key it makes the
///   events' ids, so that they are the same however the input is cut into batches
record Batch(long first, List<SourceRow> rows) {

    Batch {
        rows = List.copyOf(rows);
    }

    long end() {
        return first + rows.size();
    }

    /// The rows as events, for the collector's client.
    leat.client.Batch events(ContractName contract, String key) {
        return new leat.client.Batch(
                contract.value(),
                key,
                first,
                rows.stream().map(row -> Event.json(row.json())).toList());
    }
}
