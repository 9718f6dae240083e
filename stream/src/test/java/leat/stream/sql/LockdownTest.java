package leat.stream.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import leat.core.event.Names;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LockdownTest {

    private static final SqlTables TABLES =
            new SqlTables(
                    new Names("leat"), List.of(SqlContracts.readings(1), SqlContracts.readings(2)));

    @TempDir private Path folder;
    private DuckDBConnection database;

    @BeforeEach
    void open() throws Exception {
        Path lake = Files.createDirectories(folder.resolve("lake"));
        Files.writeString(lake.resolve("inside.csv"), "secret\n1\n");
        Files.writeString(folder.resolve("outside.csv"), "secret\n1\n");
        database = LockedDuckDb.open(SqlSettings.DEFAULT, List.of(lake), folder.resolve("tmp"));
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM read_csv('LAKE/inside.csv')",
                "SELECT * FROM read_csv('OUT/outside.csv')",
                "SELECT * FROM 'LAKE/inside.csv'",
                "SELECT * FROM \"LAKE/inside.csv\"",
                "FROM 'OUT/outside.csv'",
                "SELECT * FROM read_text('/etc/passwd')",
                "SELECT * FROM read_blob('/etc/passwd')",
                "SELECT * FROM read_json('LAKE/x.json')",
                "SELECT * FROM read_parquet('LAKE/x.parquet')",
                "SELECT * FROM parquet_scan('LAKE/x.parquet')",
                "SELECT * FROM parquet_metadata('LAKE/x.parquet')",
                "SELECT * FROM parquet_schema('LAKE/x.parquet')",
                "SELECT * FROM sniff_csv('LAKE/inside.csv')",
                "SELECT * FROM glob('LAKE/*')",
                "SELECT (SELECT count(*) FROM glob('/*'))",
                "SELECT 1 WHERE EXISTS (FROM read_text('/etc/passwd'))",
                "WITH a AS (SELECT * FROM read_text('/etc/passwd')) SELECT * FROM a",
                "SELECT * FROM car_reading UNION ALL SELECT * FROM read_csv('LAKE/inside.csv')",
                "SELECT * FROM query('SELECT 1')",
                "SELECT * FROM query_table('car_reading')",
                "SELECT * FROM json_execute_serialized_sql('{}')",
                "SELECT * FROM seq_scan('x')",
                "SELECT * FROM arrow_scan(0, 0, 0)",
                "COPY (SELECT 1) TO 'LAKE/out.csv'",
                "COPY (SELECT 1) TO 'OUT/out.csv'",
                "COPY car_reading FROM 'LAKE/inside.csv'",
                "EXPORT DATABASE 'LAKE/x'",
                "IMPORT DATABASE 'LAKE/x'",
                "ATTACH 'LAKE/x.db'",
                "ATTACH ':memory:' AS other",
                "DETACH memory",
                "USE memory",
                "CREATE TABLE x (a INT)",
                "CREATE TEMP TABLE x AS SELECT 1",
                "CREATE VIEW x AS SELECT 1",
                "CREATE MACRO x() AS 1",
                "CREATE SECRET x (TYPE s3)",
                "DROP TABLE car_reading",
                "DELETE FROM car_reading",
                "UPDATE car_reading SET n = 1",
                "INSERT INTO car_reading VALUES (1)",
                "WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM x",
                "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
                "WITH x AS (UPDATE t SET a = 1 RETURNING *) SELECT * FROM x",
                "INSTALL httpfs",
                "LOAD httpfs",
                "LOAD 'OUT/evil.duckdb_extension'",
                "SET enable_external_access = true",
                "SET GLOBAL allowed_directories = ['/']",
                "SET threads = 1",
                "RESET ALL",
                "SET VARIABLE x = 1",
                "PRAGMA database_list",
                "PRAGMA enable_profiling",
                "CALL pragma_version()",
                "CHECKPOINT",
                "VACUUM",
                "ANALYZE",
                "BEGIN",
                "PREPARE x AS SELECT 1",
                "EXECUTE x",
                "EXPLAIN ANALYZE SELECT 1",
                "SELECT current_setting('temp_directory')",
                "SELECT getenv('HOME')",
                "SELECT getvariable('x')",
                "SELECT nextval('x')",
                "SELECT sleep_ms(1000)",
                "SELECT pg_sleep(1)",
                "SELECT write_log('x')",
                "SELECT * FROM duckdb_settings()",
                "SELECT * FROM duckdb_secrets()",
                "SELECT * FROM duckdb_tables()",
                "SELECT * FROM pragma_database_size()",
                "SELECT * FROM information_schema.tables",
                "SELECT * FROM pg_catalog.pg_class",
                "SELECT * FROM sqlite_master",
                "SELECT * FROM main.car_reading",
                "SELECT * FROM \"$tail_1\"",
                "WITH \"$tail_1\" AS (SELECT 1) SELECT * FROM \"$tail_1\"",
                "SELECT * FROM car_reading AT (VERSION => 1)",
                "SELECT 1; SELECT 2",
                "SELECT 1; DROP TABLE x",
                "SELECT ?",
                "SHOW DATABASES",
                "SHOW ALL TABLES",
                "DESCRIBE SELECT * FROM read_csv('LAKE/inside.csv')",
                "SUMMARIZE 'LAKE/inside.csv'",
                "FROM enable_logging()",
                "FROM checkpoint()",
                "FROM test_all_types()",
                "",
                "   -- nothing"
            })
    void everyWayOutIsRefusedByTheGuard(String attempt) throws SQLException {
        String sql =
                attempt.replace("LAKE", folder.resolve("lake").toString())
                        .replace("OUT", folder.toString());

        JsonNode tree = serialized(sql);

        assertThatThrownBy(() -> SqlGuard.check(sql, tree, TABLES))
                .isInstanceOf(SqlRefused.class)
                .satisfies(refused -> {
                    assertThat(refused.getMessage()).isNotBlank();
                    assertThat(((SqlRefused) refused).remedy()).isNotBlank();
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM read_csv('OUT/outside.csv')",
                "SELECT * FROM read_csv('LAKE/../outside.csv')",
                "SELECT * FROM read_text('/etc/passwd')",
                "SELECT * FROM glob('/etc/*')",
                "COPY (SELECT 1) TO 'OUT/out.csv'",
                "ATTACH 'OUT/x.db'",
                "EXPORT DATABASE 'OUT/x'",
                "INSTALL httpfs",
                "LOAD httpfs",
                "LOAD 'OUT/evil.duckdb_extension'",
                "SET enable_external_access = true",
                "SET allowed_directories = ['/']",
                "SET allowed_paths = ['/etc/passwd']",
                "SET temp_directory = '/tmp'",
                "SET memory_limit = '100GB'",
                "SET lock_configuration = false",
                "RESET lock_configuration",
                "SELECT * FROM read_csv('http://127.0.0.1/x.csv')",
                "CREATE SECRET x (TYPE s3)"
            })
    void theDatabaseItselfRefusesWhatLeavesTheLakesFolder(String attempt) {
        String sql =
                attempt.replace("LAKE", folder.resolve("lake").toString())
                        .replace("OUT", folder.toString());

        Throwable refused =
                catchThrowable(() -> {
                    try (Statement statement = database.createStatement()) {
                        statement.execute(sql);
                    }
                });

        assertThat(refused).isInstanceOf(SQLException.class);
        assertThat(folder.resolve("out.csv")).doesNotExist();
        assertThat(folder.resolve("x.db")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT count(*), sum(n) FROM car_reading",
                "SELECT * FROM CAR_READING_V1 a JOIN car_reading_v2 b USING (car) ORDER BY 1 LIMIT 5",
                "WITH a AS (SELECT * FROM car_reading) SELECT * FROM a UNION SELECT * FROM a",
                "WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t WHERE i < 9) FROM t",
                "SELECT car, n, row_number() OVER (PARTITION BY car ORDER BY n) FROM car_reading",
                "SELECT CASE WHEN n > 1 THEN 'a' ELSE 'b' END, n::VARCHAR, n BETWEEN 1 AND 2,"
                        + " car LIKE 'x%', [1, 2][1], {'a': 1}.a, list_transform([1], x -> x + 1)"
                        + " FROM car_reading_dead",
                "FROM car_reading SELECT DISTINCT ON (car) * EXCLUDE (n)",
                "SELECT * FROM range(3) r(i), unnest([1, 2]) u(x)",
                "SELECT date_trunc('hour', leat_time), quantile_cont(n, 0.99) FILTER (n > 0)"
                        + " FROM car_reading GROUP BY ALL HAVING count(*) > 1 QUALIFY true",
                "VALUES (1, 2)",
                "DESCRIBE car_reading",
                "SUMMARIZE car_reading",
                "SHOW TABLES",
                "SELECT 1 -- a remark;",
                "SELECT interval 1 day, INTERVAL '2 hours', now(), try_cast('a' AS INT)",
                "SELECT n IN (SELECT n FROM car_reading_v2), EXISTS (FROM car_reading) FROM car_reading"
            })
    void plainQueriesPass(String sql) throws SQLException {
        JsonNode tree = serialized(sql);

        SqlGuard.Checked checked = SqlGuard.check(sql, tree, TABLES);

        assertThat(checked.names()).allMatch(name -> TABLES.find(name).isPresent());
    }

    @Test
    void anUnknownTableNamesTheNearestAndAllThereAre() throws SQLException {
        JsonNode tree = serialized("SELECT * FROM car_readings");

        Throwable refused =
                catchThrowable(() -> SqlGuard.check("SELECT * FROM car_readings", tree, TABLES));

        assertThat(refused).hasMessageContaining("no table 'car_readings'");
        assertThat(((SqlRefused) refused).remedy())
                .contains("write 'car_reading'", "car_reading_v1_dead", "car_reading_v2");
    }

    @Test
    void aSyntaxErrorNamesLineAndColumn() throws SQLException {
        String sql = "SELECT a\nFROM car_reading\nWHERE WHERE";

        Throwable refused = catchThrowable(() -> SqlGuard.check(sql, serialized(sql), TABLES));

        assertThat(refused).hasMessageStartingWith("line 3, column 7: ");
    }

    @Test
    void aNameWithoutVersionIsTheNewestMajor() {
        assertThat(TABLES.find("car_reading").orElseThrow().name()).isEqualTo("car_reading_v2");
        assertThat(TABLES.find("Car_Reading_Dead").orElseThrow().name())
                .isEqualTo("car_reading_v2_dead");
    }

    private JsonNode serialized(String sql) throws SQLException {
        try (PreparedStatement statement =
                database.prepareStatement("SELECT json_serialize_sql(?::VARCHAR)")) {
            statement.setString(1, sql);
            try (ResultSet tree = statement.executeQuery()) {
                tree.next();
                return new JsonMapper().readTree(tree.getString(1));
            }
        }
    }
}
