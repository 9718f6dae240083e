package leat.stream.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.stream.collector.TestContracts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real PostgreSQL.
final class JdbcSourceIT {

    private static final Contract CONTRACT =
            TestContracts.contract("clicks", "1.0.0", java.util.List.of(), "");

    @TempDir private static Path folder;

    private static Postgres postgres;

    @BeforeAll
    static void startPostgres() throws IOException {
        postgres = Postgres.start();
        Files.writeString(folder.resolve("password"), postgres.password());
    }

    @AfterAll
    static void stopPostgres() {
        postgres.close();
    }

    private static JdbcPull pull(String query, String watermark, String id, Duration settle) {
        return new JdbcPull(
                postgres.url(),
                Optional.of("leat"),
                Optional.of("${file:password}"),
                Map.of(),
                query,
                watermark,
                id,
                3,
                settle,
                Duration.ofSeconds(20));
    }

    private static JdbcSource source(String query, String watermark, String id) {
        return new JdbcSource(
                pull(query, watermark, id, Duration.ZERO), CONTRACT, "pull/test", folder);
    }

    @Test
    void rowsThatShareAWatermarkAreAllReadOnceAcrossPages() throws Exception {
        // Given 8 rows of one watermark, 3 a page, ids not in the order of insertion
        postgres.execute(
                "CREATE TABLE ties (id text, changed timestamptz, n int)",
                "INSERT INTO ties SELECT 'k' || (17 * n % 8), '2026-05-04T03:02:01.000001Z', n"
                        + " FROM generate_series(0, 7) n",
                "INSERT INTO ties VALUES ('z', '2026-05-04T03:02:01.000002Z', 8), (NULL, now(), 9)");
        PagesRead pages = new PagesRead();

        // When
        try (JdbcSource source = source("SELECT * FROM ties;", "changed", "id")) {
            pages.read(source);
            pages.read(source);
            postgres.execute(
                    "UPDATE ties SET changed = '2026-05-04T03:02:02Z' WHERE id = 'k3'",
                    "INSERT INTO ties VALUES ('a', '2026-05-04T03:02:02Z', 10)");
            pages.read(source);
        }

        // Then
        assertThat(pages.ids()).hasSize(11).doesNotHaveDuplicates();
        assertThat(pages.ids())
                .startsWith("2026-05-04T03:02:01.000001Z|k0")
                .endsWith("2026-05-04T03:02:02Z|a", "2026-05-04T03:02:02Z|k3");
    }

    @Test
    void aPageThatIsReadAgainAfterAKillHasTheSameIds() throws Exception {
        postgres.execute(
                "CREATE TABLE again (seq bigint, n int)",
                "INSERT INTO again SELECT n / 2, n FROM generate_series(0, 9) n");
        PagesRead pages = new PagesRead();
        String query = "SELECT seq, n AS id FROM again";
        try (JdbcSource source = source(query, "seq", "id")) {
            pages.step(source, true);
            pages.step(source, false);
        }
        try (JdbcSource source = source(query, "seq", "id")) {
            pages.read(source);
        }

        assertThat(pages.rows()).hasSize(13);
        assertThat(pages.once()).hasSize(10);
    }

    @Test
    void everyTypeKeepsItsDigits() throws Exception {
        postgres.execute(
                "CREATE TABLE types (id uuid, at timestamp, price numeric(20,4), real_ float8,"
                        + " ok boolean, day date, clock time, zoned timestamptz, doc jsonb,"
                        + " tags text[], raw bytea, nothing int, odd numeric)",
                "INSERT INTO types VALUES ('8a6e0804-2bd0-4672-b79d-d97027f9071a',"
                        + " '2026-05-04 03:02:00', 12345678901234.5000, 0.1, true, '2026-05-04',"
                        + " '03:02:00', '2026-05-04 05:02:00+02', '{\"a\": [1, 2.50]}',"
                        + " ARRAY['x', NULL, 'y\"'], '\\x00ff', NULL, 'NaN')");
        PagesRead pages = new PagesRead();
        try (JdbcSource source = source("SELECT * FROM types", "at", "id")) {
            pages.read(source);
        }

        assertThat(pages.rows())
                .containsExactly(
                        "{\"id\":\"8a6e0804-2bd0-4672-b79d-d97027f9071a\",\"price\":12345678901234.5000,"
                                + "\"real_\":0.1,\"ok\":true,\"day\":\"2026-05-04\",\"clock\":\"03:02:00\","
                                + "\"zoned\":\"2026-05-04T03:02:00Z\",\"doc\":{\"a\": [1, 2.50]},"
                                + "\"tags\":[\"x\",null,\"y\\\"\"],\"raw\":\"AP8=\",\"odd\":\"NaN\"}");
        assertThat(pages.position())
                .containsEntry("watermark", "2026-05-04T03:02:00")
                .containsEntry("id", "8a6e0804-2bd0-4672-b79d-d97027f9071a");
    }

    @Test
    void whatIsYoungerThanSettleWaitsSoThatALaterCommitIsNotMissed() throws Exception {
        postgres.execute("CREATE TABLE settling (id int, changed timestamptz)");
        Duration settle = Duration.ofMinutes(10);
        PagesRead pages = new PagesRead();
        try (JdbcSource source =
                        new JdbcSource(
                                pull("SELECT * FROM settling", "changed", "id", settle),
                                CONTRACT,
                                "pull/test",
                                folder);
                Connection slow = postgres.connect();
                Statement statement = slow.createStatement()) {
            // Given a transaction that has begun before a faster one and is committed after it
            slow.setAutoCommit(false);
            statement.execute("INSERT INTO settling VALUES (1, now())");
            postgres.execute("INSERT INTO settling VALUES (2, now())");
            pages.read(source);
            assertThat(pages.rows()).isEmpty();
            slow.commit();
            pages.read(source);
            assertThat(pages.rows()).isEmpty();

            // When
            postgres.execute("UPDATE settling SET changed = changed - interval '11 minutes'");
            pages.read(source);
        }
        assertThat(pages.rows()).hasSize(2);
        assertThat(pages.ids().getFirst()).endsWith("|1");
    }

    @Test
    void whatCannotBeReadIsSaidWithoutThePassword() throws SQLException {
        postgres.execute("CREATE TABLE wrong (id int, at float8)");
        try (JdbcSource typed = source("SELECT * FROM wrong", "at", "id");
                JdbcSource absent = source("SELECT * FROM no_such_table", "at", "id")) {
            assertThatThrownBy(() -> typed.read(Map.of()))
                    .hasMessageContaining("jdbc.watermark")
                    .hasMessageContaining("float8");
            assertThatThrownBy(() -> absent.read(Map.of()))
                    .hasMessageContaining("no_such_table")
                    .hasMessageNotContaining(postgres.password());
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new JdbcPull(
                                "jdbc:postgresql://h/d?password=hunter2",
                                Optional.empty(),
                                Optional.empty(),
                                Map.of(),
                                "SELECT 1",
                                "a",
                                "b",
                                1,
                                Duration.ZERO,
                                Duration.ofSeconds(1)))
                .withMessageContaining("env:NAME")
                .withMessageNotContaining("hunter2");
    }
}
