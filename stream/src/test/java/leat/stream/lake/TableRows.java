package leat.stream.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/// Reads a whole table through Iceberg's own reader.
final class TableRows {

    private TableRows() {}

    static List<Record> of(Table table) {
        try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
            List<Record> all = new ArrayList<>();
            rows.forEach(all::add);
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `partition@offset` of every row, sorted: a row that is there twice stands there twice.
    static List<String> positions(Table table) {
        return of(table).stream()
                .map(row ->
                        position(
                                (Integer) row.getField(LakeColumns.PARTITION),
                                (Long) row.getField(LakeColumns.OFFSET)))
                .sorted()
                .toList();
    }

    /// What [#positions] is when each partition has the events `from` to `to` (exclusive) once.
    static List<String> expected(int partitions, long from, long to) {
        List<String> positions = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            for (long n = from; n < to; n++) {
                positions.add(position(partition, n));
            }
        }
        return positions;
    }

    private static String position(int partition, long offset) {
        return "%d@%08d".formatted(partition, offset);
    }
}
