package leat.ml.scoring;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import leat.core.model.ModelVersion;
import leat.core.scoring.Model;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.Port;
import leat.core.scoring.Shape;
import leat.core.scoring.Signature;
import leat.core.scoring.Tensor;
import leat.core.scoring.TensorRows;

/// The runs of one open version, asked by many at a time. A request is computed as soon as a
/// computing thread is free; those that wait until then are computed together in one run, whose
/// outputs are cut apart. Nobody waits for others to come: on an idle server each is computed alone
/// and at once. When a run of several fails, each is computed alone, so that only those that are to
/// blame fail. For many threads.
final class JoinedRuns {

    /// More than all doors let in.
    private static final int MOST_WAITING = 1_024;

    /// Of the inputs of a run of several, which are copied.
    private static final long MOST_VALUES = 1 << 20;

    private static final Counter REQUESTS =
            counter("leat_inference_requests_total", "Requests that models have computed");
    private static final Counter RUNS =
            counter(
                    "leat_inference_runs_total",
                    "Runs in which they were computed, fewer where some were computed together");

    private final Model model;
    private final Executor computing;
    private final int atOnce;

    /// Whether rows of several requests may be given to the model at once.
    private volatile boolean joins;

    private final Deque<Waiting> waiting = new ArrayDeque<>();

    /// Tasks that will take from those who wait and have not yet begun.
    private int due;

    /// @param computing runs what it is given, some at a time
    /// @param atOnce how many that is
    JoinedRuns(Model model, Executor computing, int atOnce) {
        this.model = model;
        this.computing = computing;
        this.atOnce = atOnce;
        Signature signature = model.signature();
        this.joins =
                !signature.inputs().isEmpty()
                        && signature.inputs().stream().allMatch(JoinedRuns::hasRows)
                        && signature.outputs().stream().allMatch(JoinedRuns::hasRows);
    }

    /// How many rows of several requests a version may be given at once.
    ///
    /// @param most of any version
    static int mostRows(Map<String, String> tags, int most) {
        return ModelVersion.NEVER.equals(tags.get(ModelVersion.JOINED_RUNS_TAG)) ? 1 : most;
    }

    /// The model, for those who ask at the same time.
    ///
    /// @param mostRows that are computed together; a request that has more is computed alone, and
    ///   with 1 all are
    Model upTo(int mostRows) {
        return new Asked(this, mostRows);
    }

    private record Asked(JoinedRuns runs, int mostRows) implements Model {
        @Override
        public Signature signature() {
            return runs.model.signature();
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs, Duration patience) {
            return runs.run(inputs, patience, mostRows);
        }
    }

    private static Counter counter(String name, String help) {
        return Counter.builder().name(name).help(help).register(PrometheusRegistry.defaultRegistry);
    }

    private static boolean hasRows(Port port) {
        return !port.shape().dimensions().isEmpty() && port.shape().rows() == Shape.FREE;
    }

    /// A request.
    ///
    /// @param part empty where it is not to be joined with others
    /// @param mostRows of a run that it is part of
    private record Waiting(
            Map<String, Tensor> inputs,
            Duration patience,
            Optional<Part> part,
            int mostRows,
            CompletableFuture<Map<String, Tensor>> answer) {}

    /// What a request would be of a run of several.
    ///
    /// @param rows of each of its inputs
    /// @param values of all of them
    /// @param rowDimensions of its inputs, in the order of the model's: those that are joined have
    ///   the same
    private record Part(int rows, long values, List<List<Long>> rowDimensions) {}

    private Map<String, Tensor> run(Map<String, Tensor> inputs, Duration patience, int mostRows) {
        Optional<Part> part =
                joins && mostRows > 1
                        ? part(inputs).filter(one -> one.rows() < mostRows)
                        : Optional.empty();
        Waiting asked = new Waiting(inputs, patience, part, mostRows, new CompletableFuture<>());
        synchronized (this) {
            if (waiting.size() >= MOST_WAITING) {
                throw new ModelUnready(
                        "as many requests as may be wait for the model, " + MOST_WAITING);
            }
            waiting.add(asked);
            callForMore();
        }
        return AwaitedRun.result(asked.answer());
    }

    /// Empty where the inputs have no rows, not as many each, or do not fit the model, which then
    /// says so itself.
    private Optional<Part> part(Map<String, Tensor> inputs) {
        List<Port> ports = model.signature().inputs();
        if (inputs.size() != ports.size()) {
            return Optional.empty();
        }
        long rows = 0;
        long values = 0;
        List<List<Long>> rowDimensions = new ArrayList<>(ports.size());
        for (Port port : ports) {
            Tensor tensor = inputs.get(port.name());
            if (tensor == null
                    || tensor.type() != port.type()
                    || !port.shape().admits(tensor.shape())
                    || tensor.shape().rows() == 0
                    || (rows > 0 && tensor.shape().rows() != rows)) {
                return Optional.empty();
            }
            rows = tensor.shape().rows();
            values += tensor.shape().size();
            rowDimensions.add(tensor.shape().rowDimensions());
        }
        return Optional.of(
                new Part((int) Math.min(Integer.MAX_VALUE, rows), values, rowDimensions));
    }

    /// Sees to it that somebody takes those who wait; under the lock.
    private void callForMore() {
        while (due < Math.min(atOnce, waiting.size())) {
            due++;
            computing.execute(this::runNext);
        }
    }

    private void runNext() {
        List<Waiting> together = take();
        switch (together.size()) {
            case 0 -> {}
            case 1 -> runAlone(together.getFirst());
            default -> runJoined(together);
        }
    }

    /// Whoever has waited longest, and those who fit it; nobody where others were quicker.
    private synchronized List<Waiting> take() {
        due--;
        List<Waiting> together = new ArrayList<>();
        Waiting first = waiting.poll();
        if (first == null) {
            return together;
        }
        together.add(first);
        if (joins) {
            first.part().ifPresent(part -> addFitting(first, part, together));
        }
        callForMore();
        return together;
    }

    private void addFitting(Waiting first, Part part, List<Waiting> together) {
        long rows = part.rows();
        long values = part.values();
        Iterator<Waiting> others = waiting.iterator();
        while (others.hasNext() && rows < first.mostRows()) {
            Waiting next = others.next();
            if (next.part().isEmpty()) {
                continue;
            }
            Part other = next.part().get();
            if (rows + other.rows() <= Math.min(first.mostRows(), next.mostRows())
                    && values + other.values() <= MOST_VALUES
                    && other.rowDimensions().equals(part.rowDimensions())) {
                others.remove();
                together.add(next);
                rows += other.rows();
                values += other.values();
            }
        }
    }

    private void runAlone(Waiting one) {
        REQUESTS.inc();
        RUNS.inc();
        try {
            one.answer().complete(model.run(one.inputs(), one.patience()));
        } catch (RuntimeException | Error e) {
            one.answer().completeExceptionally(e);
        }
    }

    private void runJoined(List<Waiting> together) {
        try {
            Duration patience =
                    together.stream().map(Waiting::patience).min(Duration::compareTo).orElseThrow();
            List<Map<String, Tensor>> parts = cut(model.run(join(together), patience), together);
            RUNS.inc();
            REQUESTS.inc(together.size());
            for (int i = 0; i < together.size(); i++) {
                together.get(i).answer().complete(parts.get(i));
            }
        } catch (RuntimeException _) {
            // Whose fault it is, each finds out alone.
            together.forEach(one -> computing.execute(() -> runAlone(one)));
        } catch (Error e) {
            together.forEach(one -> one.answer().completeExceptionally(e));
        }
    }

    private Map<String, Tensor> join(List<Waiting> together) {
        Map<String, Tensor> inputs = new HashMap<>();
        for (Port port : model.signature().inputs()) {
            inputs.put(
                    port.name(),
                    TensorRows.joined(
                            together.stream()
                                    .map(one ->
                                            Objects.requireNonNull(one.inputs().get(port.name())))
                                    .toList()));
        }
        return inputs;
    }

    /// Of a request that is joined.
    private static int rows(Waiting one) {
        return one.part().orElseThrow().rows();
    }

    /// @throws ModelFailed when the outputs do not have a row for each of the inputs'; nothing is
    ///   joined any more then
    private List<Map<String, Tensor>> cut(Map<String, Tensor> outputs, List<Waiting> together) {
        long rows = together.stream().mapToLong(JoinedRuns::rows).sum();
        Predicate<Tensor> hasOtherRows =
                output -> output.shape().dimensions().isEmpty() || output.shape().rows() != rows;
        if (outputs.values().stream().anyMatch(hasOtherRows)) {
            joins = false;
            throw new ModelFailed("an output does not have a row for each that was given");
        }
        List<Map<String, Tensor>> parts = new ArrayList<>(together.size());
        int from = 0;
        for (Waiting one : together) {
            int to = from + rows(one);
            Map<String, Tensor> part = new HashMap<>();
            for (Map.Entry<String, Tensor> output : outputs.entrySet()) {
                part.put(output.getKey(), TensorRows.cut(output.getValue(), from, to));
            }
            parts.add(part);
            from = to;
        }
        return parts;
    }
}
