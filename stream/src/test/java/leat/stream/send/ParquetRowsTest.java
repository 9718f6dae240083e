package leat.stream.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import leat.core.contract.Contract;
import leat.core.contract.FieldType;
import leat.core.contract.Range;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetRowsTest {

    private static final Contract CONTRACT =
            Contracts.of(
                    Contracts.required("car", Contracts.TEXT),
                    Contracts.optional("speed", Contracts.REAL),
                    Contracts.optional("gear", Contracts.INT),
                    Contracts.optional("parked", Contracts.BOOL),
                    Contracts.optional("day", Contracts.DAY),
                    Contracts.optional("time", Contracts.EPOCH),
                    Contracts.optional("seen", Contracts.ISO),
                    Contracts.optional("price", new FieldType.Decimal(9, 2, Range.all())),
                    Contracts.optional(
                            "tags", new FieldType.Array(Contracts.TEXT, Range.all(), false)),
                    Contracts.optional(
                            "place",
                            new FieldType.Struct(
                                    List.of(Contracts.optional("city", Contracts.TEXT)))));

    private static final String TWO_CARS =
            """
            SELECT 'car1' AS car, 0.1::FLOAT AS speed, 3 AS gear, true AS parked,
              DATE '2024-10-04' AS "day",
              TIMESTAMPTZ '2019-09-04 14:09:56.5+00' AS "time",
              TIMESTAMPTZ '2026-01-01 00:00:00+00' AS seen,
              123.45::DECIMAL(9,2) AS price, ['a', NULL] AS tags, {'city': 'Ulm'} AS place
            UNION ALL
            SELECT 'car2', 'NaN'::FLOAT, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
            """;

    @TempDir Path folder;

    /// Another program than ours writes the files.
    private Path write(String name, String query) throws SQLException {
        Path file = folder.resolve(name);
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute(
                    "COPY (" + query + ") TO '" + file + "' (FORMAT parquet, COMPRESSION zstd)");
        }
        return file;
    }

    private static List<String> read(Path file) throws IOException {
        List<String> rows = new ArrayList<>();
        try (Content content = Content.open(new InputSource.File(file));
                RowReader reader = content.rows(Optional.empty(), CONTRACT)) {
            for (SourceRow row = reader.next(); row != null; row = reader.next()) {
                rows.add(new String(row.json(), StandardCharsets.UTF_8));
            }
        }
        return rows;
    }

    private static final List<String> TWO_ROWS =
            List.of(
                    "{\"car\":\"car1\",\"speed\":0.1,\"gear\":3,\"parked\":true,"
                            + "\"day\":\"2024-10-04\",\"time\":1567606196.5,"
                            + "\"seen\":\"2026-01-01T00:00:00Z\",\"price\":123.45,"
                            + "\"tags\":[\"a\",null],\"place\":{\"city\":\"Ulm\"}}",
                    "{\"car\":\"car2\",\"speed\":\"NaN\"}");

    @Test
    void valuesKeepTheirTypesAndNullsAreAbsent() throws Exception {
        assertThat(read(write("a.parquet", TWO_CARS))).isEqualTo(TWO_ROWS);
    }

    @Test
    void compressedAndUnnamedParquetIsReadToo() throws Exception {
        // Given
        Path plain = write("a.parquet", TWO_CARS);
        Path compressed = folder.resolve("b.parquet.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            Files.copy(plain, out);
        }
        Path unnamed = Files.copy(plain, folder.resolve("data"));

        // Then
        assertThat(read(compressed)).isEqualTo(TWO_ROWS);
        assertThat(read(unnamed)).isEqualTo(TWO_ROWS);
    }

    @Test
    void columnsMustBeFieldsOfTheContract() throws Exception {
        // Given
        Path file = write("c.parquet", "SELECT 'car1' AS car, 1.5 AS sped");

        // Then
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(SendException.UnreadableInput.class)
                .hasMessageContaining("do you mean 'speed'?");
    }

    @Test
    void tornFileIsAClearError() throws Exception {
        // Given
        byte[] whole = Files.readAllBytes(write("a.parquet", TWO_CARS));
        Path torn = folder.resolve("torn.parquet");
        Files.write(torn, java.util.Arrays.copyOf(whole, whole.length / 2));

        // Then
        assertThatThrownBy(() -> read(torn))
                .isInstanceOf(SendException.UnreadableInput.class)
                .hasMessageContaining("torn.parquet is not a whole Parquet file");
    }
}
