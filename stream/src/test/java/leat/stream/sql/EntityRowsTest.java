package leat.stream.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntityRowsTest {

    @TempDir private Path folder;
    private DuckDBConnection connection;

    @BeforeEach
    void open() {
        connection =
                LockedDuckDb.open(SqlSettings.DEFAULT, List.of(folder), folder.resolve("spill"));
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private EntityRows.Columns load(Path file) {
        return new EntityRows(connection, new HistoryRequest.Entities.InFile(file)).load();
    }

    private EntityRows.Columns query(String sql) {
        return new EntityRows(connection, new HistoryRequest.Entities.Query(sql)).load();
    }

    private List<String> rows() throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery(
                                "SELECT entity, \"$time\", label FROM "
                                        + EntityRows.TABLE
                                        + " ORDER BY rowid")) {
            while (found.next()) {
                rows.add(found.getString(1) + " " + found.getLong(2) + " " + found.getObject(3));
            }
        }
        return rows;
    }

    @Test
    void entitiesOfTextFilesAreTextsAndTimesKeepTheirZone() throws Exception {
        load(
                file(
                        "rows.csv",
                        """
                        time,entity,label
                        1970-01-01T01:00:00+01:00,007,1.5
                        1970-01-01 00:00:01.000002Z,8,2
                        1970-01-01 00:00 UTC,,3
                        """));

        assertThat(rows()).containsExactly("007 0 1.5", "8 1000002 2.0", "null 0 3.0");
    }

    @Test
    void jsonLinesAreReadLikeTables() throws Exception {
        load(
                file(
                        "rows.jsonl",
                        """
                        {"entity":7,"time":"1970-01-01T00:00:01Z","label":true}
                        {"time":"1970-01-01T02:00:00+02","entity":"007","label":false}
                        """));

        assertThat(rows()).containsExactly("7 1000000 true", "007 0 false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows.parquet", "ROWS.PARQUET"})
    void parquetGivesTimesOfTheirOwnType(String name) throws Exception {
        String select =
                "SELECT 7 AS entity, TIMESTAMPTZ '1970-01-01 00:00:02Z' AS time, 'x' AS label";
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "COPY (" + select + ") TO '" + folder.resolve(name) + "' (FORMAT parquet)");
        }

        EntityRows.Columns columns = load(folder.resolve(name));

        assertThat(columns.time().type()).isEqualTo("TIMESTAMP WITH TIME ZONE");
        assertThat(rows()).containsExactly("7 2000000 x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-11-28T10:00:00 | row 2 of .*: '2026-11-28T10:00:00' is a time without a zone",
                "2026-11-28          | row 2 of .*: '2026-11-28' is a time without a zone",
                "yesterday           | row 2 of .*: 'yesterday' is no time",
                "2026-13-28T10:00Z   | row 2 of .*: '2026-13-28T10:00Z' is no time",
                "''                  | row 2 of .* has no time"
            })
    void aRowWithoutATimeWithAZoneIsRefused(String time, String message) throws Exception {
        Path csv =
                file("rows.csv", "entity,time,label\na,2026-11-28T10:00:00Z,1\nb," + time + ",2\n");

        assertThatThrownBy(() -> load(csv))
                .isInstanceOf(HistoryRefused.class)
                .hasMessageMatching(message);
    }

    @Test
    void aQueryMayEndInAComment() throws Exception {
        query(
                """
                SELECT 7 AS entity, TIMESTAMPTZ '1970-01-01 00:00:02Z' AS time, 'x' AS label
                -- the only one\
                """);

        assertThat(rows()).containsExactly("7 2000000 x");
    }

    @Test
    void columnsThatAreMissingOrNoTimesAreRefused() throws Exception {
        Path csv = file("rows.csv", "car,time\na,2026-11-28T10:00:00Z\n");
        assertThatThrownBy(() -> load(csv))
                .isInstanceOfSatisfying(
                        HistoryRefused.class,
                        refused ->
                                assertThat(refused.remedy())
                                        .isEqualTo(
                                                "call the column 'entity' that says whose row it"
                                                        + " is"))
                .hasMessage(csv + " has no column 'entity' but car, time");
        assertThatThrownBy(() -> query("SELECT 'a' AS entity, TIMESTAMP '2026-11-28' AS time"))
                .hasMessage("the column 'time' of the query is a time without a zone");
        assertThatThrownBy(() ->
                        query(
                                "SELECT 'a' AS entity, TIMESTAMPTZ '2026-11-28 10:00Z' AS time, 1 AS RowId"))
                .hasMessage("the query has a column 'rowid', which means something else here");
        assertThatThrownBy(() -> query("SELECT 'a' AS entity, 5 AS time"))
                .hasMessage("the column 'time' of the query is INTEGER, no time");
    }

    @Test
    void filesThatAreNotThereOrOfNoKnownKindAreRefused() throws Exception {
        Path text = file("rows.txt", "");

        assertThatThrownBy(() -> load(text)).hasMessage(text + " is of no kind that is read");
        assertThatThrownBy(() -> load(folder.resolve("none.csv")))
                .hasMessage("there is no file " + folder.resolve("none.csv"));
    }
}
