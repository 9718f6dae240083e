package leat.stream.lake;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import leat.core.failpoint.FailPoint;
import leat.stream.log.Backoff;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;

/// Makes one append visible: first the dead letters, then the files and positions in one snapshot,
/// refused by the validator when somebody else has moved the positions. While storage, catalogue or
/// Kafka are away it tries again.
final class LakeCommit {

    /// Beyond this the files are given up and the events read again, so that maintenance can tell
    /// an orphan by its age.
    static final Duration MAX_AGE = Duration.ofHours(1);

    private final Table table;
    private final RefusalSink refusals;
    private final Runnable topicCheck;
    private final Consumer<RuntimeException> failures;
    private final CountDownLatch cancelled;

    /// How a commit ended.
    sealed interface Result {

        /// The positions stand at the end of the append.
        record Done() implements Result {}

        /// Nothing is visible, and the positions have to be read again.
        ///
        /// @param filesAreOurs whether the files can be deleted: not after an attempt whose outcome
        ///   was never learned
        record Refused(String why, boolean filesAreOurs) implements Result {}
    }

    /// @param topicCheck throws [LoaderStopped] when the topics are no longer those of the table;
    ///   run after all records were read, so that none can be of another topic
    /// @param failures told of every attempt that is repeated
    /// @param cancelled opened when the commit shall give up instead of trying again
    LakeCommit(
            Table table,
            RefusalSink refusals,
            Runnable topicCheck,
            Consumer<RuntimeException> failures,
            CountDownLatch cancelled) {
        this.table = table;
        this.refusals = refusals;
        this.topicCheck = topicCheck;
        this.failures = failures;
        this.cancelled = cancelled;
    }

    Result run(Append.Written written, List<Advance> advances) {
        FailPoint.reach("lake.after-files");
        Backoff backoff = new Backoff();
        boolean uncertain = false;
        long deadline = System.nanoTime() + MAX_AGE.toNanos();
        while (true) {
            RuntimeException cause;
            try {
                if (!written.refused().isEmpty()) {
                    refusals.keep(written.refused());
                }
                FailPoint.reach("lake.after-dead-letters");
                topicCheck.run();
                if (uncertain && settled(advances)) {
                    return new Result.Done();
                }
                commit(written, advances);
                FailPoint.reach("lake.after-commit");
                return new Result.Done();
            } catch (LoaderStopped e) {
                throw e;
            } catch (ValidationException e) {
                return new Result.Refused(String.valueOf(e.getMessage()), !uncertain);
            } catch (CommitFailedException e) {
                cause = e;
            } catch (RuntimeException e) {
                // An unknown outcome, or an error from anywhere: the table tells which.
                uncertain = true;
                cause = e;
            }
            failures.accept(cause);
            if (cancelledWithin(backoff.next()) || System.nanoTime() > deadline) {
                return new Result.Refused("given up: " + cause.getMessage(), !uncertain);
            }
        }
    }

    /// Whether the positions stand where the append ends, by an earlier attempt of ours or by
    /// another loader's: the rows are there either way, and once.
    private boolean settled(List<Advance> advances) {
        table.refresh();
        return LakePositions.of(table).covers(Positions.fold(List.of(advances)));
    }

    private void commit(Append.Written written, List<Advance> advances) {
        AppendFiles append = table.newAppend();
        written.files().forEach(append::appendFile);
        append.set(LakePositions.PROPERTY, Advance.format(advances))
                .validateWith(LakePositions.demandMeeting(table, advances))
                .commit();
    }

    private boolean cancelledWithin(Duration wait) {
        try {
            return cancelled.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
