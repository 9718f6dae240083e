package leat.stream.sql;

import static leat.stream.sql.SqlFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Queries against a ledger, while a writer commits and aborts and the lake commits.
class UnionReadUnderLoadIT {

    private static final int QUERIES = 1_000;
    private static final int READERS = 2;
    private static final int QUERIES_PER_LOAD = 20;

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
    void everyQuerySeesEachEventOnceWhileTheLakeCommits() throws Exception {
        SqlEngine engine = fixture.engine(SqlSettings.DEFAULT);
        Ledger ledger = new Ledger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writer = threads.submit(() -> write(ledger));
            Future<?> loader = threads.submit(() -> load(ledger));
            List<Future<?>> readers = new ArrayList<>();
            for (int reader = 0; reader < READERS; reader++) {
                readers.add(threads.submit(() -> read(engine, ledger)));
            }
            try {
                for (Future<?> reader : readers) {
                    reader.get(5, TimeUnit.MINUTES);
                }
            } finally {
                ledger.done.set(true);
                ledger.transactions.release();
                ledger.loads.release();
            }
            writer.get(1, TimeUnit.MINUTES);
            loader.get(1, TimeUnit.MINUTES);
        }

        List<@Nullable Object> last = row(engine, "SELECT count(*), sum(n) FROM car_reading");

        long n = ledger.committed.get();
        assertThat(n).isGreaterThan(QUERIES);
        assertThat(last).containsExactly(n, BigInteger.valueOf(n * (n + 1) / 2));
    }

    /// What the writer knows, and the pace that the readers set: two transactions a query, and a
    /// commit of the lake every [#QUERIES_PER_LOAD].
    private static final class Ledger {
        final AtomicLong begun = new AtomicLong();
        final AtomicLong committed = new AtomicLong();
        final AtomicLong queries = new AtomicLong();
        final AtomicBoolean done = new AtomicBoolean();
        final Semaphore transactions = new Semaphore(10);
        final Semaphore loads = new Semaphore(0);
    }

    private @Nullable Void write(Ledger ledger) throws InterruptedException {
        for (int round = 0; ; round++) {
            ledger.transactions.acquire();
            if (ledger.done.get()) {
                return null;
            }
            long from = ledger.committed.get();
            if (round % 4 == 3) {
                fixture.transaction(
                        false,
                        f -> {
                            for (int i = 0; i < 20; i++) {
                                f.event(i % 4, -1 - i);
                            }
                        });
                continue;
            }
            ledger.begun.set(from + 40);
            fixture.transaction(
                    true,
                    f -> {
                        for (int i = 1; i <= 40; i++) {
                            f.event(i % 4, from + i);
                        }
                    });
            ledger.committed.set(from + 40);
        }
    }

    private @Nullable Void load(Ledger ledger) throws InterruptedException {
        while (true) {
            ledger.loads.acquire();
            if (ledger.done.get()) {
                return null;
            }
            fixture.load();
        }
    }

    private static void read(SqlEngine engine, Ledger ledger) {
        for (int query = 0; query < QUERIES / READERS; query++) {
            long atLeast = ledger.committed.get();
            List<@Nullable Object> row =
                    row(
                            engine,
                            "SELECT count(*), count(DISTINCT (leat_partition, leat_offset)),"
                                    + " count(*) FILTER (n <= "
                                    + atLeast
                                    + "), coalesce(min(n), 1), coalesce(max(n), 0)"
                                    + " FROM car_reading_v1");
            long atMost = ledger.begun.get();
            long count = (Long) Objects.requireNonNull(row.get(0));
            assertThat(count).isBetween(atLeast, atMost);
            assertThat(row.get(1)).as("unique positions").isEqualTo(count);
            assertThat(row.get(2)).as("all that was committed before").isEqualTo(atLeast);
            assertThat((Long) row.get(3)).as("aborted events have n < 0").isPositive();
            assertThat((Long) row.get(4)).isLessThanOrEqualTo(atMost);
            ledger.transactions.release(2);
            if (ledger.queries.incrementAndGet() % QUERIES_PER_LOAD == 0) {
                ledger.loads.release();
            }
        }
    }
}
