package leat.stream.send;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import leat.client.Answer;
import leat.client.Waits;
import org.jspecify.annotations.Nullable;

/// The batches of one input on their way: counts what was answered for without a gap, keeps the
/// progress file behind it, and remembers the first failure. Thread-safe.
final class Delivery {

    private static final Duration KEEP_EVERY = Duration.ofMillis(200);

    private record Answered(Batch batch, Answer answer) {}

    private final String input;
    private final @Nullable ProgressFile file;
    private final Tally tally;
    private final Waits waiting;
    private final Runnable report;
    private final TreeMap<Long, Answered> ahead = new TreeMap<>();

    private ProgressFile.State state;
    private long keptAtNanos;
    private @Nullable Throwable failure;

    /// @param tally of the whole run; guarded by this delivery while it lasts
    /// @param report is called after every step forward
    Delivery(
            String input,
            @Nullable ProgressFile file,
            ProgressFile.State start,
            Tally tally,
            Waits waiting,
            Runnable report) {
        this.input = input;
        this.file = file;
        this.state = start;
        this.tally = tally;
        this.waiting = waiting;
        this.report = report;
        this.keptAtNanos = waiting.nanos();
    }

    /// Takes an answer; answers that come before an earlier batch's wait for it.
    synchronized void answered(Batch batch, Answer answer) {
        ahead.put(batch.first(), new Answered(batch, answer));
        Map.Entry<Long, Answered> next = ahead.firstEntry();
        while (next != null && next.getKey() == state.rows()) {
            ahead.remove(next.getKey());
            Answered step = next.getValue();
            tally.add(input, step.batch(), step.answer());
            state =
                    new ProgressFile.State(
                            step.batch().end(),
                            state.accepted() + step.answer().accepted(),
                            state.dead() + step.answer().dead(),
                            state.refused() + step.answer().refused());
            next = ahead.firstEntry();
        }
        if (waiting.nanos() - keptAtNanos >= KEEP_EVERY.toNanos()) {
            keep();
        }
        report.run();
    }

    /// The next row to send.
    synchronized long rows() {
        return state.rows();
    }

    synchronized void failed(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    synchronized @Nullable Throwable failure() {
        return failure;
    }

    /// Writes the progress of an input that is not finished.
    synchronized void keep() {
        keptAtNanos = waiting.nanos();
        if (file != null && state.rows() > 0) {
            file.write(state);
        }
    }

    /// The input is done.
    synchronized void finish() {
        if (file != null) {
            file.delete();
        }
    }
}
