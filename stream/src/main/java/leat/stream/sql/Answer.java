package leat.stream.sql;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/// Writes a query's answer in the formats that people and programs read. Rows are streamed: an
/// answer is never held in memory as a whole.
public final class Answer {

    /// Never closes what it was given, nor completes an answer that broke off.
    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                                    .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
                                    .build())
                    .build();

    private static final long ARROW_BATCH_ROWS = 8_192;

    private Answer() {}

    /// One object: `columns`, `rows` (an array each), `truncated`, `freshTo`, `elapsedMillis`.
    ///
    /// @param maxRows rows beyond it are left out and `truncated` says so
    public static void writeJson(QueryResult result, int maxRows, OutputStream out) {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeName("columns");
            json.writeStartArray();
            for (SqlColumn column : result.columns()) {
                json.writeStartObject();
                json.writeStringProperty("name", column.name());
                json.writeStringProperty("type", column.type());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeName("rows");
            json.writeStartArray();
            int rows = 0;
            boolean truncated = false;
            while (!truncated && result.next()) {
                truncated = rows == maxRows;
                if (!truncated) {
                    json.writePOJO(result.row());
                    rows++;
                }
            }
            json.writeEndArray();
            json.writeBooleanProperty("truncated", truncated);
            json.writeName("freshTo");
            writeFreshness(json, result.freshness());
            json.writeNumberProperty("elapsedMillis", millis(result.elapsed()));
            json.writeEndObject();
        }
    }

    /// RFC 4180 with a header; lists and structs as JSON, NULL as the empty text.
    public static void writeCsv(QueryResult result, OutputStream out) throws IOException {
        Writer csv = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        writeCsvRow(csv, result.columns().stream().map(SqlColumn::name).toList());
        while (result.next()) {
            writeCsvRow(csv, result.row());
        }
        csv.flush();
    }

    /// An Arrow IPC stream, batches of up to 8,192 rows.
    public static void writeArrow(QueryResult result, OutputStream out) throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                ArrowReader batches =
                        (ArrowReader)
                                result.duckDb().arrowExportStream(allocator, ARROW_BATCH_ROWS);
                ArrowStreamWriter arrow =
                        new ArrowStreamWriter(batches.getVectorSchemaRoot(), batches, out)) {
            arrow.start();
            while (batches.loadNextBatch()) {
                arrow.writeBatch();
            }
            arrow.end();
        } catch (SQLException e) {
            throw result.refused(e);
        }
    }

    /// `freshTo`: for each table the snapshot, whether the log is part of the answer, as of when,
    /// and the offsets.
    private static void writeFreshness(JsonGenerator json, List<Freshness> freshness) {
        json.writeStartArray();
        for (Freshness table : freshness) {
            json.writeStartObject();
            json.writeStringProperty("table", table.table());
            json.writeStringProperty("asOf", table.asOf().toString());
            json.writeBooleanProperty("logIncluded", table.logIncluded());
            table.reason().ifPresent(reason -> json.writeStringProperty("reason", reason));
            table.snapshotId()
                    .ifPresent(id -> json.writeStringProperty("snapshot", Long.toString(id)));
            json.writeName("partitions");
            json.writeStartArray();
            for (Freshness.PartitionFreshness partition : table.partitions()) {
                json.writeStartObject();
                json.writeStringProperty("topic", partition.topic());
                json.writeNumberProperty("partition", partition.partition());
                json.writeNumberProperty("lakeTo", partition.lakeTo());
                json.writeNumberProperty("readTo", partition.readTo());
                json.writeNumberProperty("committedTo", partition.committedTo());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static double millis(Duration elapsed) {
        return elapsed.toNanos() / 1e6;
    }

    private static void writeCsvRow(Writer csv, List<? extends @Nullable Object> values)
            throws IOException {
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                csv.write(',');
            }
            Object value = values.get(i);
            if (value != null) {
                csv.write(csvField(value));
            }
        }
        csv.write("\r\n");
    }

    private static String csvField(Object value) {
        String text =
                switch (value) {
                    case List<?> list -> JSON.writeValueAsString(list);
                    case Map<?, ?> map -> JSON.writeValueAsString(map);
                    default -> value.toString();
                };
        boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> "\",\r\n".indexOf(c) >= 0);
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
