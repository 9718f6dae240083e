package leat.stream.sql;

import static leat.stream.sql.SqlFixture.row;
import static leat.stream.sql.SqlFixture.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the engine promises of any query.
class SqlEngineIT {

    @TempDir private Path folder;
    private SqlFixture fixture;

    @BeforeEach
    void open() {
        fixture = new SqlFixture(folder, SqlContracts.readings(1));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void theTimeLimitEndsAQueryAndTheNextOneWorks() {
        SqlEngine engine = fixture.engine(SqlFixture.settings(Duration.ofSeconds(3), 4, 32));
        long startNanos = System.nanoTime();

        assertThatThrownBy(() ->
                        row(
                                engine,
                                "SELECT sum(a.i * b.i) FROM range(10000000) a(i),"
                                        + " range(10000000) b(i)"))
                .isInstanceOf(SqlRefused.class)
                .extracting(e -> ((SqlRefused) e).code())
                .isEqualTo(SqlRefused.Code.TIME_LIMIT);

        assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                .isLessThan(Duration.ofSeconds(30));
        assertThat(row(engine, "SELECT 1")).containsExactly(1L);
    }

    @Test
    void moreQueriesThanSlotsAreRefused() {
        SqlEngine engine = fixture.engine(SqlFixture.settings(Duration.ofSeconds(30), 1, 32));

        try (QueryResult held = engine.query("SELECT 1")) {
            assertThat(held.next()).isTrue();
            assertThatThrownBy(() -> engine.query("SELECT 1"))
                    .extracting(e -> ((SqlRefused) e).code())
                    .isEqualTo(SqlRefused.Code.BUSY);
        }

        assertThat(row(engine, "SELECT 1")).containsExactly(1L);
    }

    @Test
    void tablesAreListedAndDescribed() {
        SqlEngine engine = fixture.engine(SqlSettings.DEFAULT);

        assertThat(rows(engine, "SHOW TABLES"))
                .containsExactly(
                        List.of("car_reading_v1", "car-reading 1.0.0", "events"),
                        List.of("car_reading_v1_dead", "car-reading 1.0.0", "dead letters"));
        assertThat(rows(engine, "DESCRIBE car_reading").stream().map(List::getFirst))
                .startsWith("car", "n", "leat_id")
                .endsWith("leat_offset", "leat_version");
    }
}
