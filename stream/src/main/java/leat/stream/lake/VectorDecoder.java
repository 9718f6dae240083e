package leat.stream.lake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.event.EventHeaders;
import leat.core.event.Position;
import leat.core.feature.CompiledView;
import leat.core.outcome.Outcome;
import leat.core.validate.Row;
import org.apache.iceberg.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// Vectors of a feature view: entity, query time and features from the JSON value, the position of
/// the event that a vector was written with from the header.
final class VectorDecoder implements RowDecoder {

    /// Behind the fields.
    private static final List<String> OURS =
            List.of(LakeColumns.APPENDED, LakeColumns.PARTITION, LakeColumns.OFFSET);

    private final EventParser parser;
    private final int queryTime;
    private final ColumnSources columns;

    /// @param vectors the contract of the view's vectors
    /// @param table the columns of the table as it is
    VectorDecoder(Contract vectors, EventParser parser, Schema table) {
        this.parser = parser;
        this.queryTime =
                vectors.fields().stream()
                        .map(Field::name)
                        .toList()
                        .indexOf(CompiledView.QUERY_TIME);
        this.columns = new ColumnSources(vectors, OURS, table);
    }

    @Override
    public Decoded decode(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(EventHeaders.POSITION);
        if (header == null || header.value() == null || record.value() == null) {
            return Decoded.Refused.because("", "the record is no vector: it has no position");
        }
        Position event;
        try {
            event = Position.parse(new String(header.value(), UTF_8));
        } catch (IllegalArgumentException e) {
            return Decoded.Refused.because("", String.valueOf(e.getMessage()));
        }
        return switch (parser.parse(record.value())) {
            case Outcome.Valid valid -> loaded(valid.row(), event, partition, record);
            case Outcome.Rejected rejected -> new Decoded.Refused(rejected.reasons());
        };
    }

    private Decoded loaded(
            Row row,
            Position event,
            TopicPartition partition,
            ConsumerRecord<byte[], byte[]> record) {
        if (!(row.value(queryTime) instanceof Instant time)) {
            return Decoded.Refused.because(CompiledView.QUERY_TIME, "the vector has no time");
        }
        @Nullable Object[] ours = {
            Instant.ofEpochMilli(record.timestamp()), event.partition(), event.offset()
        };
        return new Decoded.Loaded(
                new LakeRow(
                        columns.values(row, ours), Micros.of(time), partition, record.offset()));
    }
}
