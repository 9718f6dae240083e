package leat.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import leat.core.contract.Contract;
import leat.stream.sql.QueryResult;
import leat.stream.sql.SqlEngine;

/// Asks by SQL, five times a second, how far the table reaches, and so knows from when on each
/// event could be seen: when the first answer that covers it was complete.
final class Visibility implements AutoCloseable {

    private static final long INTERVAL_NANOS = Duration.ofMillis(200).toNanos();

    private final SqlEngine sql;
    private final String query;
    private final Thread thread;
    private final List<Answer> answers = new ArrayList<>();
    private final List<String> shortfalls = new ArrayList<>();
    private volatile boolean stopping;

    /// What one answer showed.
    ///
    /// @param atMillis when it was complete
    /// @param newest the greatest raw offset of each raw partition
    private record Answer(long atMillis, Map<Integer, Long> newest) {
        private Answer {
            newest = Map.copyOf(newest);
        }

        boolean covers(Receipts.Receipt event) {
            return newest.getOrDefault(event.partition(), -1L) >= event.offset();
        }
    }

    private Visibility(Contract contract, SqlEngine sql) {
        this.sql = sql;
        this.query =
                "SELECT leat_partition, max(leat_offset) FROM "
                        + contract.tableName()
                        + " GROUP BY leat_partition";
        this.thread = Thread.ofPlatform().name("bench-sql").unstarted(this::run);
    }

    static Visibility watch(Contract contract, SqlEngine sql) {
        Visibility visibility = new Visibility(contract, sql);
        visibility.thread.start();
        return visibility;
    }

    private void run() {
        long due = System.nanoTime();
        while (!stopping) {
            Map<Integer, Long> newest = new HashMap<>();
            try (QueryResult result = sql.query(query)) {
                result.freshness().forEach(table -> table.reason().ifPresent(this::fellShort));
                while (result.next()) {
                    if (result.value(0) instanceof Long partition
                            && result.value(1) instanceof Long offset) {
                        newest.put(Math.toIntExact(partition), offset);
                    }
                }
            }
            add(new Answer(System.currentTimeMillis(), newest));
            due = Math.max(due + INTERVAL_NANOS, System.nanoTime());
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
        }
    }

    private synchronized void add(Answer answer) {
        answers.add(answer);
        notifyAll();
    }

    private synchronized void fellShort(String reason) {
        shortfalls.add(reason);
    }

    /// How many answers were the lake's alone, and why; empty when none was.
    synchronized String shortfalls() {
        return shortfalls.isEmpty()
                ? ""
                : ", " + shortfalls.size() + " answers without the log: " + shortfalls.getLast();
    }

    /// Waits for an answer that covers all events of the window.
    ///
    /// @throws IllegalStateException when none comes
    synchronized void awaitAll(Receipts.Window window, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (answers.isEmpty()
                || !window.receipts().stream().allMatch(answers.getLast()::covers)) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new IllegalStateException("SQL does not show the newest events");
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    /// How long after its append each event could be seen.
    synchronized double[] millis(Receipts.Window window) {
        List<Receipts.Receipt> events = new ArrayList<>(window.receipts());
        events.sort(
                Comparator.comparingInt(Receipts.Receipt::partition)
                        .thenComparingLong(Receipts.Receipt::offset));
        double[] millis = new double[events.size()];
        int partition = -1;
        int answer = 0;
        for (int i = 0; i < millis.length; i++) {
            Receipts.Receipt event = events.get(i);
            if (event.partition() != partition) {
                partition = event.partition();
                answer = 0;
            }
            while (!answers.get(answer).covers(event)) {
                answer++;
            }
            millis[i] = answers.get(answer).atMillis() - event.appendedMillis();
        }
        return millis;
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
