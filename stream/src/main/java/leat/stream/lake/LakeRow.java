package leat.stream.lake;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// One row on its way into a file.
///
/// @param values in the order of the table's columns, in the value classes of
///   [leat.core.contract.FieldType]; timestamps are instants. The array is handed over, not copied
/// @param timeMicros the time by which the table is partitioned, in microseconds since the epoch
/// @param partition where the record came from that the row was made of
/// @param offset its offset there
@SuppressWarnings("ArrayRecordComponent")
record LakeRow(@Nullable Object[] values, long timeMicros, TopicPartition partition, long offset) {}
