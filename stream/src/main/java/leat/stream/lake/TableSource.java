package leat.stream.lake;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import leat.core.contract.Contract.TimePartitioning;
import leat.core.event.TopicId;
import leat.stream.log.LogUnavailable;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;

/// One table and what it is loaded from.
///
/// @param contract the contract's name and major version, for metrics
/// @param kind `enriched`, `dead`, `vectors` or `predictions`
/// @param table loads the table as it is now
/// @param topics the topics that are loaded into it
/// @param group the consumer group, which only shares the partitions out
record TableSource(
        String contract,
        String kind,
        Supplier<Optional<Table>> table,
        List<String> topics,
        String group,
        TimePartitioning partitioning,
        Decoders decoders,
        Sinks sinks) {

    /// Makes the decoders of a table as it is; called once a lane and append.
    interface Decoders {
        RowDecoder of(Schema table, Map<String, TopicId> topics);
    }

    /// Makes the place for what the table cannot take.
    interface Sinks {
        CloseableSink of(Map<String, TopicId> topics);
    }

    /// A sink with a client behind it.
    interface CloseableSink extends RefusalSink, AutoCloseable {

        /// Other loaders may have used the place since.
        void forget();

        @Override
        void close();
    }

    /// The table as it is now.
    ///
    /// @throws LogUnavailable when it is not in the catalogue
    Table existing() {
        return table.get()
                .orElseThrow(() ->
                        new LogUnavailable("table " + label() + " is not in the catalogue", null));
    }

    String label() {
        return contract + "-" + kind;
    }
}
