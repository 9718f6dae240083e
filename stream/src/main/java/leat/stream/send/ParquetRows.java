package leat.stream.send;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/// The rows of a Parquet file, a row group at a time. Its own types decide what a value is; how a
/// timestamp or day is written follows the contract.
final class ParquetRows implements RowReader {

    private final ParquetReader<Group> reader;
    private final Map<String, FieldType> types = new HashMap<>();
    private final RowJson json = new RowJson();
    private final ParquetJson values = new ParquetJson(json);
    private final long rows;
    private long row;

    ParquetRows(Path file, Contract contract, String source) throws IOException {
        InputFile input = new LocalInputFile(file);
        List<String> columns;
        try (ParquetFileReader footer = ParquetFileReader.open(input)) {
            rows = footer.getRecordCount();
            columns =
                    footer.getFileMetaData().getSchema().getFields().stream()
                            .map(Type::getName)
                            .toList();
        } catch (RuntimeException e) {
            throw new SendException.UnreadableInput(
                    source + " is not a whole Parquet file: " + e.getMessage(), e);
        }
        Columns.of(columns, contract, source);
        for (Field field : contract.fields()) {
            types.put(field.name(), field.type());
        }
        this.reader = new Builder(input).build();
    }

    private static final class Builder extends ParquetReader.Builder<Group> {
        Builder(InputFile file) {
            super(file, new PlainParquetConfiguration());
        }

        @Override
        protected ReadSupport<Group> getReadSupport() {
            return new GroupReadSupport() {
                @Override
                public ReadContext init(
                        ParquetConfiguration configuration,
                        Map<String, String> metadata,
                        org.apache.parquet.schema.MessageType schema) {
                    return new ReadContext(schema);
                }
            };
        }
    }

    @Override
    public @Nullable SourceRow next() throws IOException {
        Group group = reader.read();
        if (group == null) {
            return null;
        }
        row++;
        json.clear();
        values.object(group, types);
        return json.length() > MAX_ROW_BYTES
                ? SourceRow.oversized(row)
                : new SourceRow(row, json.copy());
    }

    @Override
    public double shareRead() {
        return rows == 0 ? 1 : (double) row / rows;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
