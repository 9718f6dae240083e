package leat.stream.sql;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything that one running query holds, freed in reverse order, and its time limit.
final class QueryScope implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QueryScope.class);
    private static final long REPEAT_MILLIS = 50;

    private final Deque<AutoCloseable> held = new ArrayDeque<>();
    private final Duration timeLimit;
    private final long startNanos;
    private final ScheduledExecutorService timer;
    private final AtomicBoolean timeUp = new AtomicBoolean();
    private boolean closed;

    /// @param slots one permit of it is given back at the end
    QueryScope(
            Semaphore slots, Duration timeLimit, long startNanos, ScheduledExecutorService timer) {
        this.timeLimit = timeLimit;
        this.startNanos = startNanos;
        this.timer = timer;
        onClose(slots::release);
    }

    void onClose(AutoCloseable resource) {
        held.push(resource);
    }

    long deadlineNanos() {
        return startNanos + timeLimit.toNanos();
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /// Cancels the statement at the deadline, and again until the scope is closed: a statement that
    /// is just about to start does not see the first one.
    void interruptAtDeadline(Statement statement) {
        ScheduledFuture<?> interrupt =
                timer.scheduleAtFixedRate(
                        () -> cancel(statement),
                        Math.max(
                                1,
                                TimeUnit.NANOSECONDS.toMillis(deadlineNanos() - System.nanoTime())),
                        REPEAT_MILLIS,
                        TimeUnit.MILLISECONDS);
        onClose(() -> interrupt.cancel(false));
    }

    private void cancel(Statement statement) {
        timeUp.set(true);
        try {
            statement.cancel();
        } catch (SQLException e) {
            LOG.atDebug().setCause(e).log("The query ended before it was interrupted");
        }
    }

    /// What a failure of DuckDB means to who asked.
    SqlRefused refused(SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        if (timeUp.get()) {
            return new SqlRefused(
                    SqlRefused.Code.TIME_LIMIT,
                    "the query took longer than " + timeLimit.toMillis() + " ms",
                    "narrow it, e.g. by leat_time, or raise sql.time-limit",
                    failure);
        }
        if (message.startsWith("Out of Memory Error")) {
            return new SqlRefused(
                    SqlRefused.Code.MEMORY_LIMIT,
                    "the query needs more memory than it may have",
                    "narrow it, or raise sql.memory",
                    failure);
        }
        if (message.startsWith("Permission Error")) {
            return new SqlRefused(
                    SqlRefused.Code.NOT_ALLOWED,
                    message,
                    "read the tables with SELECT; settings, files and extensions are locked",
                    failure);
        }
        return new SqlRefused(
                SqlRefused.Code.INVALID, message, "correct the SQL at the place named", failure);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        while (!held.isEmpty()) {
            AutoCloseable resource = held.pop();
            try {
                resource.close();
            } catch (Exception e) {
                LOG.atWarn().setCause(e).log("Could not free what a query held");
            }
        }
    }
}
