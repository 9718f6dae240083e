package leat.ml.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import java.net.URISyntaxException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import leat.core.scoring.ElementType;
import leat.core.scoring.Model;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.ModelTooSlow;
import leat.core.scoring.Port;
import leat.core.scoring.Shape;
import leat.core.scoring.Signature;
import leat.core.scoring.Tensor;
import org.junit.jupiter.api.Test;

/// Requests that wait for one model. No thread computes by itself: the test runs what is due.
final class JoinedRunsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long DEADLINE_NANOS = Duration.ofSeconds(30).toNanos();

    private final Queue<Runnable> due = new ConcurrentLinkedQueue<>();

    /// Doubles what it is given, but for 13, which fails, and for more rows than it is quick with.
    private static class Doubling implements Model {
        final List<List<Float>> runs = new ArrayList<>();
        final Queue<Tensor> given = new ArrayDeque<>();
        private final Shape shape;
        int quickRows = Integer.MAX_VALUE;

        Doubling(long... shape) {
            this.shape = Shape.of(shape);
        }

        @Override
        public Signature signature() {
            return new Signature(
                    List.of(new Port("x", ElementType.FP32, shape)),
                    List.of(new Port("y", ElementType.FP32, shape)));
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs, Duration patience) {
            Tensor.Floats x = (Tensor.Floats) Objects.requireNonNull(inputs.get("x"));
            given.add(x);
            List<Float> values = new ArrayList<>();
            FloatBuffer doubled = FloatBuffer.allocate(x.shape().size());
            for (int i = 0; i < x.shape().size(); i++) {
                values.add(x.values().get(i));
                doubled.put(2 * x.values().get(i));
            }
            runs.add(values);
            if (values.contains(13f)) {
                throw new ModelFailed("13 is among " + values.size());
            }
            if (x.shape().rows() > quickRows) {
                throw new ModelTooSlow(patience.toMillis());
            }
            return Map.of("y", answer(x.shape(), doubled.flip()));
        }

        Tensor answer(Shape rows, FloatBuffer doubled) {
            return new Tensor.Floats(rows, doubled);
        }
    }

    private JoinedRuns of(Model model) {
        return new JoinedRuns(model, due::add, 1);
    }

    private static Map<String, Tensor> column(float... values) {
        return Map.of("x", floats(Shape.of(values.length, 1), values));
    }

    private static Tensor floats(Shape shape, float... values) {
        return new Tensor.Floats(shape, FloatBuffer.wrap(values));
    }

    /// Asks on a thread of its own, and returns when that waits.
    private static CompletableFuture<Map<String, Tensor>> ask(
            Model model, Map<String, Tensor> inputs) {
        CompletableFuture<Map<String, Tensor>> answer = new CompletableFuture<>();
        Thread thread =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                answer.complete(model.run(inputs, PATIENCE));
                            } catch (RuntimeException e) {
                                answer.completeExceptionally(e);
                            }
                        });
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (thread.getState() != Thread.State.WAITING && !answer.isDone()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(10_000);
        }
        return answer;
    }

    private void runAllThatIsDue() {
        for (Runnable next = due.poll(); next != null; next = due.poll()) {
            next.run();
        }
    }

    private static List<Object> values(CompletableFuture<Map<String, Tensor>> answer)
            throws Exception {
        Tensor y = Objects.requireNonNull(answer.get().get("y"));
        return IntStream.range(0, y.shape().size()).mapToObj(y::value).toList();
    }

    private static Throwable failure(CompletableFuture<?> answer) {
        return Objects.requireNonNull(
                catchThrowable(answer::get) instanceof ExecutionException e ? e.getCause() : null);
    }

    @Test
    void aRequestAloneIsDueAtOnceAndNotCopied() throws Exception {
        Doubling model = new Doubling(Shape.FREE, 1);
        Map<String, Tensor> inputs = column(1, 2);

        CompletableFuture<Map<String, Tensor>> answer = ask(of(model).upTo(256), inputs);
        assertThat(due).hasSize(1);
        runAllThatIsDue();

        assertThat(values(answer)).containsExactly(2.0, 4.0);
        assertThat(model.given).containsExactly(inputs.get("x"));
        assertThat(model.given.element()).isSameAs(inputs.get("x"));
    }

    @Test
    void thoseThatWaitAreComputedTogetherAndCutApart() throws Exception {
        Doubling model = new Doubling(Shape.FREE, 1);
        Model joined = of(model).upTo(256);

        CompletableFuture<Map<String, Tensor>> one = ask(joined, column(1));
        CompletableFuture<Map<String, Tensor>> two = ask(joined, column(2, 3));
        CompletableFuture<Map<String, Tensor>> three = ask(joined, column(4, 5, 6));
        assertThat(due).hasSize(1);
        runAllThatIsDue();

        assertThat(model.runs).containsExactly(List.of(1f, 2f, 3f, 4f, 5f, 6f));
        assertThat(values(one)).containsExactly(2.0);
        assertThat(values(two)).containsExactly(4.0, 6.0);
        assertThat(values(three)).containsExactly(8.0, 10.0, 12.0);
        assertThat(Objects.requireNonNull(three.get().get("y")).shape()).isEqualTo(Shape.of(3, 1));
    }

    @Test
    void whoComesDuringARunIsInTheNext() throws Exception {
        List<CompletableFuture<Map<String, Tensor>>> later = new ArrayList<>();
        List<Model> self = new ArrayList<>();
        Doubling model =
                new Doubling(Shape.FREE, 1) {
                    @Override
                    public Map<String, Tensor> run(Map<String, Tensor> inputs, Duration patience) {
                        if (later.isEmpty()) {
                            later.add(ask(self.getFirst(), column(2)));
                            later.add(ask(self.getFirst(), column(3)));
                        }
                        return super.run(inputs, patience);
                    }
                };
        self.add(of(model).upTo(256));

        CompletableFuture<Map<String, Tensor>> first = ask(self.getFirst(), column(1));
        runAllThatIsDue();

        assertThat(model.runs).containsExactly(List.of(1f), List.of(2f, 3f));
        assertThat(values(first)).containsExactly(2.0);
        assertThat(values(later.get(1))).containsExactly(6.0);
    }

    @Test
    void noRunHasMoreRowsThanMayBeAndWhoWaitsLongestIsInTheNext() throws Exception {
        Doubling model = new Doubling(Shape.FREE, 1);
        Model joined = of(model).upTo(4);

        List<CompletableFuture<Map<String, Tensor>>> answers =
                List.of(
                        ask(joined, column(1, 2, 3)),
                        ask(joined, column(4, 5)),
                        ask(joined, column(6)),
                        ask(joined, column(7, 8, 9, 10, 11)),
                        ask(joined, column(12)));
        runAllThatIsDue();

        assertThat(model.runs)
                .containsExactly(
                        List.of(1f, 2f, 3f, 6f),
                        List.of(4f, 5f, 12f),
                        List.of(7f, 8f, 9f, 10f, 11f));
        assertThat(values(answers.get(4))).containsExactly(24.0);
    }

    @Test
    void oneRowAtMostHasEachComputedAlone() throws Exception {
        Doubling model = new Doubling(Shape.FREE, 1);

        assertThatEachIsComputedAlone(model, of(model).upTo(1));
    }

    @Test
    void aVersionMaySayThatItsRequestsAreNeverJoined() {
        assertThat(JoinedRuns.mostRows(Map.of("leat.joined-runs", "never"), 256)).isOne();
        assertThat(JoinedRuns.mostRows(Map.of("leat.joined-runs", "", "owner", "x"), 256))
                .isEqualTo(256);
    }

    @Test
    void onlyRowsThatAreAlikeAreJoined() throws Exception {
        Doubling model = new Doubling(Shape.FREE, Shape.FREE);
        Model joined = of(model).upTo(256);

        CompletableFuture<Map<String, Tensor>> pair =
                ask(joined, Map.of("x", floats(Shape.of(1, 2), 1, 2)));
        CompletableFuture<Map<String, Tensor>> single = ask(joined, column(3));
        CompletableFuture<Map<String, Tensor>> otherPair =
                ask(joined, Map.of("x", floats(Shape.of(1, 2), 4, 5)));
        CompletableFuture<Map<String, Tensor>> list =
                ask(joined, Map.of("x", floats(Shape.of(1), 6)));
        runAllThatIsDue();

        assertThat(model.runs).containsExactly(List.of(1f, 2f, 4f, 5f), List.of(3f), List.of(6f));
        assertThat(values(pair)).containsExactly(2.0, 4.0);
        assertThat(values(single)).containsExactly(6.0);
        assertThat(values(otherPair)).containsExactly(8.0, 10.0);
        assertThat(values(list)).containsExactly(12.0);
    }

    /// A model that broadcasts would answer the first with a row of the second.
    @Test
    void aRequestWithoutRowsInOneOfItsInputsIsComputedAlone() throws Exception {
        List<Map<String, Tensor>> runs = new ArrayList<>();
        Model sum =
                new Model() {
                    @Override
                    public Signature signature() {
                        Port a = new Port("a", ElementType.FP32, Shape.of(Shape.FREE, 1));
                        Port b = new Port("b", ElementType.FP32, Shape.of(Shape.FREE, 1));
                        Port y = new Port("y", ElementType.FP32, Shape.of(Shape.FREE, 1));
                        return new Signature(List.of(a, b), List.of(y));
                    }

                    @Override
                    public Map<String, Tensor> run(Map<String, Tensor> inputs, Duration patience) {
                        runs.add(inputs);
                        return Map.of("y", Objects.requireNonNull(inputs.get("b")));
                    }
                };
        Model joined = new JoinedRuns(sum, due::add, 1).upTo(256);

        CompletableFuture<Map<String, Tensor>> torn =
                ask(joined, Map.of("a", floats(Shape.of(0, 1)), "b", floats(Shape.of(2, 1), 5, 6)));
        CompletableFuture<Map<String, Tensor>> sound =
                ask(joined, Map.of("a", floats(Shape.of(1, 1), 1), "b", floats(Shape.of(1, 1), 2)));
        runAllThatIsDue();

        assertThat(runs).hasSize(2);
        assertThat(values(torn)).containsExactly(5.0, 6.0);
        assertThat(values(sound)).containsExactly(2.0);
    }

    @Test
    void ofARunThatFailsOnlyThoseToBlameFail() throws Exception {
        Doubling model = new Doubling(Shape.FREE, 1);
        Model joined = of(model).upTo(256);

        CompletableFuture<Map<String, Tensor>> good = ask(joined, column(1));
        CompletableFuture<Map<String, Tensor>> bad = ask(joined, column(13, 2));
        CompletableFuture<Map<String, Tensor>> late = ask(joined, column(3));
        runAllThatIsDue();

        assertThat(model.runs)
                .containsExactly(
                        List.of(1f, 13f, 2f, 3f), List.of(1f), List.of(13f, 2f), List.of(3f));
        assertThat(values(good)).containsExactly(2.0);
        assertThat(failure(bad)).isInstanceOf(ModelFailed.class).hasMessage("13 is among 2");
        assertThat(values(late)).containsExactly(6.0);
    }

    @Test
    void aRunThatTakesTooLongIsDoneOneByOne() throws Exception {
        Doubling model = new Doubling(Shape.FREE, 1);
        model.quickRows = 1;
        Model joined = of(model).upTo(256);

        CompletableFuture<Map<String, Tensor>> one = ask(joined, column(1));
        CompletableFuture<Map<String, Tensor>> two = ask(joined, column(2, 3));
        runAllThatIsDue();

        assertThat(values(one)).containsExactly(2.0);
        assertThat(failure(two)).isInstanceOf(ModelTooSlow.class);
    }

    @Test
    void aModelWhoseOutputsAreNotOfRowsIsJoinedOnceAtMost() throws Exception {
        Doubling model =
                new Doubling(Shape.FREE, 1) {
                    @Override
                    Tensor answer(Shape rows, FloatBuffer doubled) {
                        return floats(Shape.of(1, 1), doubled.get(0));
                    }
                };
        Model joined = of(model).upTo(256);

        for (int round = 0; round < 2; round++) {
            CompletableFuture<Map<String, Tensor>> one = ask(joined, column(1));
            CompletableFuture<Map<String, Tensor>> two = ask(joined, column(2));
            runAllThatIsDue();
            assertThat(values(one)).containsExactly(2.0);
            assertThat(values(two)).containsExactly(4.0);
        }

        assertThat(model.runs)
                .containsExactly(
                        List.of(1f, 2f), List.of(1f), List.of(2f), List.of(1f), List.of(2f));
    }

    @Test
    void aModelOfOneRowIsNeverJoined() throws Exception {
        Doubling model = new Doubling(1, 1);

        assertThatEachIsComputedAlone(model, of(model).upTo(256));
    }

    private void assertThatEachIsComputedAlone(Doubling model, Model joined) throws Exception {
        CompletableFuture<Map<String, Tensor>> one = ask(joined, column(1));
        CompletableFuture<Map<String, Tensor>> two = ask(joined, column(2));
        runAllThatIsDue();

        assertThat(model.runs).containsExactly(List.of(1f), List.of(2f));
        assertThat(values(one)).containsExactly(2.0);
        assertThat(values(two)).containsExactly(4.0);
    }

    @Test
    void noMoreTasksAreDueThanThreadsAndNotAllMayWait() {
        Doubling model = new Doubling(Shape.FREE, 1);
        Model joined = new JoinedRuns(model, due::add, 2).upTo(256);

        List<CompletableFuture<Map<String, Tensor>>> answers =
                IntStream.range(0, 1_024).mapToObj(i -> ask(joined, column(i + 100))).toList();
        assertThat(due).hasSize(2);
        assertThat(failure(ask(joined, column(1))))
                .isInstanceOf(ModelUnready.class)
                .hasMessage("as many requests as may be wait for the model, 1024");
        runAllThatIsDue();

        assertThat(model.runs).hasSize(4).allSatisfy(run -> assertThat(run).hasSize(256));
        // Whoever asks takes its answer on a thread of its own.
        for (CompletableFuture<Map<String, Tensor>> answer : answers) {
            assertThat(answer).succeedsWithin(Duration.ofSeconds(30));
        }
    }

    @Test
    void whoIsInterruptedGetsTheAnswerAndStaysInterrupted() throws Exception {
        Model joined = of(new Doubling(Shape.FREE, 1)).upTo(256);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread asks =
                Thread.ofVirtual()
                        .start(() -> {
                            Thread.currentThread().interrupt();
                            Map<String, Tensor> answer = joined.run(column(4), PATIENCE);
                            interrupted.complete(
                                    Thread.currentThread().isInterrupted()
                                            && answer.containsKey("y"));
                        });
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (due.isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(10_000);
        }
        runAllThatIsDue();
        asks.join();

        assertThat(interrupted.get()).isTrue();
    }

    /// ONNX Runtime multiplies one row by another way than many, and rounds otherwise.
    @Test
    void anOnnxModelSaysTheBitsThatItSaysOfAllRowsInOneRun() throws Exception {
        try (OnnxModel model = OnnxModel.open(path("linear.onnx"))) {
            Model joined = of(model).upTo(256);
            float[] all = new float[80];
            for (int i = 0; i < 40; i++) {
                all[2 * i] = 0.1f * i;
                all[2 * i + 1] = 1 / (i + 0.3f);
            }
            List<Map<String, Tensor>> requests =
                    IntStream.range(0, 40)
                            .mapToObj(i ->
                                    Map.of("X", floats(Shape.of(1, 2), all[2 * i], all[2 * i + 1])))
                            .toList();
            List<CompletableFuture<Map<String, Tensor>>> answers =
                    requests.stream().map(inputs -> ask(joined, inputs)).toList();
            runAllThatIsDue();

            FloatBuffer together =
                    variable(model.run(Map.of("X", floats(Shape.of(40, 2), all)), PATIENCE));
            for (int i = 0; i < requests.size(); i++) {
                FloatBuffer answer = variable(answers.get(i).get());
                assertThat(answer.limit()).isEqualTo(1);
                assertThat(Float.floatToRawIntBits(answer.get(0)))
                        .isEqualTo(Float.floatToRawIntBits(together.get(i)));
                assertThat(answer.get(0))
                        .isCloseTo(
                                variable(model.run(requests.get(i), PATIENCE)).get(0),
                                within(1e-5f));
            }
        }
    }

    private static FloatBuffer variable(Map<String, Tensor> answer) {
        return ((Tensor.Floats) Objects.requireNonNull(answer.get("variable"))).values();
    }

    private static Path path(String resource) {
        try {
            return Path.of(
                    Objects.requireNonNull(JoinedRunsTest.class.getResource(resource)).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatTheModelDoesNotTakeIsRefusedAsAlone() {
        try (OnnxModel model = OnnxModel.open(path("linear.onnx"))) {
            Model joined = of(model).upTo(256);

            CompletableFuture<Map<String, Tensor>> wide =
                    ask(joined, Map.of("X", floats(Shape.of(1, 3), 1, 2, 3)));
            CompletableFuture<Map<String, Tensor>> good =
                    ask(joined, Map.of("X", floats(Shape.of(1, 2), 1, 2)));
            CompletableFuture<Map<String, Tensor>> none = ask(joined, Map.of());
            runAllThatIsDue();

            assertThat(failure(wide)).hasMessageStartingWith("the model takes X FP32[?, 2]");
            assertThat(failure(none)).hasMessage("input X is missing");
            assertThat(good).isCompleted();
        }
    }
}
