package leat.stream.lake.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SchemaParser;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.iceberg.parquet.ParquetValueWriter;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;

/// One Parquet file of an Iceberg table: takes rows through Iceberg's tree of value writers and
/// encodes them with [ColumnBuffers]. Follows the table's row group size, compression and metrics.
///
/// @param <T> the rows
public final class ParquetAppender<T> implements FileAppender<T> {

    private static final int PAGE_BYTES = 1 << 20;
    private static final int MAX_PADDING_BYTES = 8 << 20;
    private static final String ZSTD_LEVEL = "parquet.compression.codec.zstd.level";

    /// How many bytes in memory become one in the file, about.
    private static final int SHRINKING = 4;

    private final Schema schema;
    private final MetricsConfig metricsConfig;
    private final long rowGroupBytes;
    private final ParquetValueWriter<T> model;
    private final ColumnBuffers columns;
    private final CodecFactory codecs;
    private final BytesInputCompressor compressor;
    private final ParquetFileWriter file;
    private boolean closed;

    /// @param schema the rows' columns, with their ids in the table
    /// @param models makes the value writers of a file's schema
    public ParquetAppender(
            Table table,
            Schema schema,
            OutputFile output,
            Function<MessageType, ParquetValueWriter<T>> models)
            throws IOException {
        Map<String, String> properties = table.properties();
        this.schema = schema;
        this.metricsConfig = MetricsConfig.forTable(table);
        this.rowGroupBytes =
                PropertyUtil.propertyAsLong(
                        properties,
                        TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES,
                        TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES_DEFAULT);
        MessageType type = ParquetSchemaUtil.convert(schema, "table");
        this.columns = new ColumnBuffers(type);
        this.model = models.apply(type);
        model.setColumnStore(columns);
        this.codecs = new CodecFactory(configuration(properties), PAGE_BYTES);
        this.compressor = codecs.getCompressor(codec(properties));
        this.file =
                new ParquetFileWriter(
                        new IcebergOutput(output),
                        type,
                        ParquetFileWriter.Mode.CREATE,
                        rowGroupBytes,
                        MAX_PADDING_BYTES,
                        null,
                        ParquetProperties.builder().build());
        file.start();
    }

    private static CompressionCodecName codec(Map<String, String> properties) {
        return CompressionCodecName.valueOf(
                properties
                        .getOrDefault(
                                TableProperties.PARQUET_COMPRESSION,
                                TableProperties.PARQUET_COMPRESSION_DEFAULT_SINCE_1_4_0)
                        .toUpperCase(Locale.ROOT));
    }

    private static Configuration configuration(Map<String, String> properties) {
        Configuration configuration = new Configuration(false);
        String level = properties.get(TableProperties.PARQUET_COMPRESSION_LEVEL);
        if (level != null) {
            configuration.set(ZSTD_LEVEL, level);
        }
        return configuration;
    }

    @Override
    public void add(T row) {
        model.write(0, row);
        columns.endRecord();
        if (columns.getBufferedSize() >= rowGroupBytes) {
            flush();
        }
    }

    private void flush() {
        if (columns.rows() == 0) {
            return;
        }
        try {
            file.startBlock(columns.rows());
            columns.writeTo(file, compressor);
            file.endBlock();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a row group", e);
        }
    }

    /// What the file will be about; exact once it is closed.
    @Override
    public long length() {
        try {
            return file.getPos() + (closed ? 0 : columns.getBufferedSize() / SHRINKING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell a file's length", e);
        }
    }

    @Override
    public Metrics metrics() {
        return ParquetUtil.footerMetrics(file.getFooter(), model.metrics(), metricsConfig);
    }

    @Override
    public List<Long> splitOffsets() {
        return ParquetUtil.getSplitOffsets(file.getFooter());
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (file) {
            flush();
            file.end(Map.of("iceberg.schema", SchemaParser.toJson(schema)));
        } finally {
            columns.close();
            codecs.release();
        }
    }
}
