package leat.stream.send;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import leat.client.Answer;
import leat.client.Waits;
import leat.core.contract.Contract;
import org.jspecify.annotations.Nullable;

/// Sends files and streams to one contract of a collector. Every row ends as accepted, dead or
/// refused, or the run ends with a [SendException]; a row keeps its id however often it is sent.
///
/// The id of row `n` (from 0) is `key/n`, where the key is the SHA-256 of the file's content, with
/// the wanted key before it where there is one, and the pass behind it from the second on.
public final class FileSender {

    private static final Duration REPORT_EVERY = Duration.ofMillis(100);
    private static final int BATCHES_A_SECOND = 10;

    private final URI collector;
    private final Contract contract;
    private final SendSettings settings;
    private final ClientAccess access;
    private final Waits waiting;

    /// A sender to one contract.
    ///
    /// @param collector the base address, e.g. `http://127.0.0.1:8080`
    /// @param access what it shows there
    public FileSender(
            URI collector, Contract contract, SendSettings settings, ClientAccess access) {
        this(collector, contract, settings, access, Waits.real());
    }

    FileSender(URI collector, Contract contract, SendSettings settings, Waits waiting) {
        this(collector, contract, settings, ClientAccess.NONE, waiting);
    }

    private FileSender(
            URI collector,
            Contract contract,
            SendSettings settings,
            ClientAccess access,
            Waits waiting) {
        this.access = access;
        this.collector = collector;
        this.contract = contract;
        this.settings = settings;
        this.waiting = waiting;
    }

    /// Ends a running [#send] soon, from another thread: requests under way are finished, the rest
    /// is left for the next run. A stopped sender sends no more.
    public void stop() {
        waiting.end();
    }

    /// Sends all inputs, one after the other.
    ///
    /// @throws SendException when an input cannot be read, the collector refuses, or stays away
    /// @throws IOException when reading fails
    public SendResult send(List<InputSource> inputs, SendOptions options, SendProgress progress)
            throws IOException, InterruptedException {
        if (options.passes() != 1
                && inputs.stream().anyMatch(InputSource.Stream.class::isInstance)) {
            throw new IllegalArgumentException("a stream can be read once only: loop over a file");
        }
        try (CollectorClient client =
                new CollectorClient(collector, contract.name(), settings, access, waiting)) {
            Run run = new Run(client, options, progress);
            for (int pass = 1; options.passes() == 0 || pass <= options.passes(); pass++) {
                for (InputSource input : inputs) {
                    if (!run.send(input, pass)) {
                        return run.result(false);
                    }
                }
            }
            return run.result(true);
        }
    }

    /// One call of [#send].
    private final class Run {

        private final CollectorClient client;
        private final SendOptions options;
        private final SendProgress progress;
        private final Tally tally = new Tally();
        private final long startNanos = waiting.nanos();
        private long reportedAtNanos = startNanos;
        private long submitted;
        private long inputStartNanos = startNanos;
        private long resumed;

        Run(CollectorClient client, SendOptions options, SendProgress progress) {
            this.client = client;
            this.options = options;
            this.progress = progress;
        }

        /// @return false when it was stopped before the end
        boolean send(InputSource input, int pass) throws IOException, InterruptedException {
            inputStartNanos = waiting.nanos();
            String key = key(input, pass);
            ProgressFile file = progressFile(input, key);
            ProgressFile.State start = file == null ? ProgressFile.State.START : file.read();
            tally.restore(start);
            resumed += start.rows();
            try (Content content = Content.open(input);
                    RowReader rows = content.rows(options.format(), contract)) {
                Delivery delivery =
                        new Delivery(
                                input.name(),
                                file,
                                start,
                                tally,
                                waiting,
                                () -> report(input, content, rows, false));
                boolean whole;
                try {
                    whole = deliver(rows, start.rows(), key, delivery);
                } catch (IOException | RuntimeException e) {
                    delivery.keep();
                    throw e;
                }
                if (whole) {
                    delivery.finish();
                } else {
                    delivery.keep();
                }
                report(input, content, rows, true);
                return whole;
            }
        }

        private String key(InputSource input, int pass) throws IOException {
            Optional<String> wanted = options.key();
            String key =
                    switch (input) {
                        case InputSource.File(Path path) -> {
                            String hash = Content.hash(path);
                            yield wanted.map(word -> word + "-" + hash).orElse(hash);
                        }
                        case InputSource.Stream ignored -> {
                            if (wanted.isEmpty()) {
                                tally.notRepeatable();
                            }
                            yield wanted.orElseGet(() -> UUID.randomUUID().toString());
                        }
                    };
            return pass == 1 ? key : key + "-" + pass;
        }

        private @Nullable ProgressFile progressFile(InputSource input, String key) {
            return switch (input) {
                case InputSource.File(Path path) ->
                        ProgressFile.of(
                                options.progressFolder(),
                                key,
                                contract.name(),
                                collector,
                                options.format()
                                        .or(() -> Format.ofName(path.toString()))
                                        .map(Format::word)
                                        .orElse("by content"));
                case InputSource.Stream ignored -> null;
            };
        }

        /// Cuts the rows into batches and sends several at once.
        ///
        /// @return false when it was stopped before the end
        private boolean deliver(RowReader rows, long from, String key, Delivery delivery)
                throws IOException, InterruptedException {
            Semaphore slots = new Semaphore(settings.inFlight());
            boolean all;
            Flight flight;
            try (ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor()) {
                flight = new Flight(requests, slots, key, delivery);
                try {
                    all = readAll(rows, from, flight);
                } catch (SendException.UnreadableInput e) {
                    // what was read before is good
                    flight.flush();
                    throw e;
                }
            }
            Throwable failure = delivery.failure();
            switch (failure) {
                case null -> {}
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                default -> throw new IllegalStateException("sending failed", failure);
            }
            return all && delivery.rows() == flight.first;
        }

        private boolean readAll(RowReader rows, long from, Flight flight)
                throws IOException, InterruptedException {
            for (long skipped = 0; skipped < from; skipped++) {
                if (rows.next() == null) {
                    return true;
                }
            }
            flight.start(from);
            while (true) {
                if (flight.waitsForInput(rows) && !flight.flush()) {
                    return false;
                }
                SourceRow row = rows.next();
                if (row == null) {
                    return flight.flush();
                }
                if (!flight.add(row)) {
                    return false;
                }
            }
        }

        private int batchRows() {
            OptionalDouble rate = options.eventsPerSecond();
            return rate.isEmpty()
                    ? settings.batchRows()
                    : (int)
                            Math.clamp(
                                    (long) (rate.getAsDouble() / BATCHES_A_SECOND),
                                    1L,
                                    (long) settings.batchRows());
        }

        /// Waits until the next batch is due at the wanted rate.
        ///
        /// @return false when the run is to end
        private boolean pace(int rows) throws InterruptedException {
            if (options.eventsPerSecond().isPresent()) {
                double dueSeconds = submitted / options.eventsPerSecond().getAsDouble();
                long dueNanos = startNanos + (long) (dueSeconds * 1e9);
                long waitNanos = dueNanos - waiting.nanos();
                if (waitNanos > 0 && waiting.await(Duration.ofNanos(waitNanos))) {
                    return false;
                }
            }
            submitted += rows;
            return true;
        }

        /// The batch being filled, and those on their way.
        private final class Flight {
            private final ExecutorService requests;
            private final Semaphore slots;
            private final String key;
            private final Delivery delivery;
            private final int batchRows = batchRows();
            private List<SourceRow> rows = new ArrayList<>();
            private long first;
            private long bytes;

            Flight(ExecutorService requests, Semaphore slots, String key, Delivery delivery) {
                this.requests = requests;
                this.slots = slots;
                this.key = key;
                this.delivery = delivery;
            }

            void start(long index) {
                first = index;
            }

            boolean waitsForInput(RowReader reader) throws IOException {
                return !rows.isEmpty() && reader.mayBlock();
            }

            /// @return false when the run is to end
            boolean add(SourceRow row) throws InterruptedException {
                long size = row.json().length + 1L;
                boolean full =
                        rows.size() >= batchRows
                                || bytes + size > settings.batchSize().bytes()
                                || row.tooLarge();
                if (full && !flush()) {
                    return false;
                }
                rows.add(row);
                bytes += size;
                return !row.tooLarge() || flush();
            }

            /// Sends what has been filled, as soon as there is room and the rate allows.
            ///
            /// @return false when the run is to end
            boolean flush() throws InterruptedException {
                if (rows.isEmpty()) {
                    return true;
                }
                Batch batch = new Batch(first, rows);
                if (!pace(rows.size())) {
                    return false;
                }
                slots.acquire();
                if (delivery.failure() != null || waiting.await(Duration.ZERO)) {
                    slots.release();
                    return false;
                }
                first = batch.end();
                rows = new ArrayList<>();
                bytes = 0;
                requests.execute(() -> run(batch));
                return true;
            }

            private void run(Batch batch) {
                try {
                    sendBatch(batch);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    delivery.failed(new IllegalStateException("sending was interrupted", e));
                } catch (RuntimeException | Error e) {
                    delivery.failed(e);
                    waiting.end();
                } finally {
                    slots.release();
                }
            }

            private void sendBatch(Batch batch) throws InterruptedException {
                if (batch.rows().getFirst().tooLarge()) {
                    delivery.answered(batch, tooLarge());
                    return;
                }
                client.deliver(batch, key).ifPresent(answer -> delivery.answered(batch, answer));
            }
        }

        private void report(InputSource input, Content content, RowReader rows, boolean last) {
            long now = waiting.nanos();
            if (!last && now - reportedAtNanos < REPORT_EVERY.toNanos()) {
                return;
            }
            reportedAtNanos = now;
            double share = rows.shareRead() >= 0 ? rows.shareRead() : content.shareRead();
            double seconds = Math.max(1e-9, (now - startNanos) / 1e9);
            double inputMillis = (now - inputStartNanos) / 1e6;
            Optional<Duration> left =
                    share > 0.001 && !last
                            ? Optional.of(
                                    Duration.ofMillis((long) (inputMillis * (1 - share) / share)))
                            : Optional.empty();
            progress.update(
                    new SendProgress.Snapshot(
                            input.name(),
                            tally.rows(),
                            tally.dead() + tally.refused(),
                            share >= 0 ? OptionalDouble.of(share) : OptionalDouble.empty(),
                            (tally.rows() - resumed) / seconds,
                            left));
        }

        SendResult result(boolean complete) {
            return new SendResult(
                    tally.rows(),
                    tally.accepted(),
                    tally.dead(),
                    tally.refused(),
                    resumed,
                    tally.repeatable(),
                    complete,
                    tally.rejections(),
                    Duration.ofNanos(waiting.nanos() - startNanos));
        }
    }

    private static Answer tooLarge() {
        Answer.Reason reason =
                new Answer.Reason(
                        "too-large",
                        "",
                        "the row is larger than " + RowReader.MAX_ROW_BYTES + " bytes");
        return new Answer(
                0,
                0,
                1,
                true,
                List.of(),
                List.of(new Answer.Problem(0, false, "", List.of(reason))));
    }
}
