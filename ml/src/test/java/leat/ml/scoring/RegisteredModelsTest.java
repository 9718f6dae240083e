package leat.ml.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import leat.core.model.ModelReference;
import leat.core.scoring.OutputValue;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RegisteredModelsTest {

    private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();
    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();

    private final MapOfModels registry = new MapOfModels();
    private final RegisteredModels models = new RegisteredModels(registry);

    @AfterEach
    void close() {
        models.close();
    }

    private List<Predicted> predict(List<List<Object>> rows) {
        return predict(rows, Duration.ofSeconds(5));
    }

    private List<Predicted> predict(List<List<Object>> rows, Duration timeout) {
        return models.predict(
                new PredictionRequest(
                        ModelReference.parse("risk@champion"),
                        List.of("a", "b"),
                        rows,
                        List.of(new OutputValue("variable", 0)),
                        timeout));
    }

    private Predicted predict() {
        return predict(List.of(List.of(1L, 1L))).getFirst();
    }

    private static String version(Predicted predicted) {
        return switch (predicted) {
            case Predicted.Values values -> values.version();
            case Predicted.Failed failed -> failed.why();
        };
    }

    private void awaitAnswer(Predicate<String> wanted) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        String seen = version(predict());
        while (!wanted.test(seen)) {
            assertThat(System.nanoTime()).as(seen).isLessThan(deadline);
            LockSupport.parkNanos(LOOK_NANOS);
            seen = version(predict());
        }
    }

    @Test
    void anAliasThatMovesIsFollowedWhileOthersAskAndNoRequestIsAnsweredByTwo() throws Exception {
        for (int i = 0; i < 2; i++) {
            registry.register("model.onnx", "linear.onnx");
        }
        registry.alias("champion", 1);
        List<List<Object>> rows =
                java.util.stream.IntStream.range(0, 50)
                        .<List<Object>>mapToObj(i -> List.of((long) i, 0L))
                        .toList();
        AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<Set<String>>> seen =
                    java.util.stream.IntStream.range(0, 3)
                            .mapToObj(_ ->
                                    threads.submit(() -> {
                                        Set<String> versions = new HashSet<>();
                                        while (!stop.get()) {
                                            versions.add(oneVersion(rows));
                                        }
                                        return versions;
                                    }))
                            .toList();

            awaitAnswer("risk/1"::equals);
            registry.alias("champion", 2);
            awaitAnswer("risk/2"::equals);
            registry.alias("champion", 1);
            awaitAnswer("risk/1"::equals);
            stop.set(true);

            for (Future<Set<String>> one : seen) {
                assertThat(one.get()).isSubsetOf("risk/1", "risk/2").isNotEmpty();
            }
        }
    }

    private String oneVersion(List<List<Object>> rows) {
        List<String> versions =
                predict(rows).stream().map(RegisteredModelsTest::version).distinct().toList();
        assertThat(versions).hasSize(1);
        return versions.getFirst();
    }

    @Test
    void aVersionThatCannotBeOpenedDoesNotTakeOver() {
        registry.register("model.onnx", "linear.onnx");
        registry.register("model.onnx", "make_models.py");
        registry.registerEmpty();
        registry.register("deep/other.onnx", "linear.onnx");
        registry.alias("champion", 1);
        awaitAnswer("risk/1"::equals);

        for (int bad = 2; bad <= 3; bad++) {
            int number = bad;
            registry.alias("champion", bad);
            awaitAnswer(seen -> seen.equals("risk/1") && registry.askedFor.contains(number));
            assertThat(version(predict())).isEqualTo("risk/1");
        }
        registry.alias("champion", 4);

        awaitAnswer("risk/4"::equals);
    }

    @Test
    void whatWasNeverThereFailsWithTheReasonUntilItIs() {
        assertThat(version(predict())).isEqualTo("there is no risk@champion");
        registry.registerEmpty();
        registry.alias("champion", 1);
        awaitAnswer("risk/1: has no ONNX file; log the model with mlflow.onnx.log_model"::equals);
        registry.register("model.onnx", "linear.onnx");
        registry.alias("champion", 2);
        awaitAnswer("risk/2"::equals);

        registry.removeAlias("champion");

        awaitAnswer("there is no risk@champion"::equals);
    }

    @Test
    void weightsMayLieBesideTheModelAndAreNotLeftBehind() throws IOException {
        Set<Path> before = leftBehind();
        registry.register(List.of("outside.onnx", "outside.onnx.data"));
        registry.alias("champion", 1);

        Predicted predicted = predict();

        assertThat(predicted).isEqualTo(new Predicted.Values(List.of(3.0), "risk/1"));
        assertThat(leftBehind()).isEqualTo(before);
    }

    private static Set<Path> leftBehind() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().startsWith("leat-model"))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void whileKafkaIsAwayTheLastVersionAnswersAndWithoutOneTheCallerWaits() throws Exception {
        registry.register("model.onnx", "linear.onnx");
        registry.alias("champion", 1);
        registry.away = true;
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<Predicted> waiting = threads.submit(() -> predict());
            assertThatThrownBy(() -> waiting.get(600, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);

            registry.away = false;
            assertThat(version(waiting.get(20, TimeUnit.SECONDS))).isEqualTo("risk/1");
        }
        registry.away = true;

        long later = System.nanoTime() + Duration.ofMillis(400).toNanos();
        while (System.nanoTime() < later) {
            assertThat(version(predict())).isEqualTo("risk/1");
        }
    }

    @Test
    void toOpenAModelTakesNothingOfTheTimeToComputeIt() throws Exception {
        registry.register("model.onnx", "linear.onnx");
        registry.alias("champion", 1);
        registry.slowly = true;
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<Predicted> waiting =
                    threads.submit(() ->
                            predict(List.of(List.of(1L, 1L)), Duration.ofMillis(300)).getFirst());
            long later = System.nanoTime() + Duration.ofMillis(600).toNanos();
            while (System.nanoTime() < later) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
            registry.slowly = false;

            assertThat(version(waiting.get(20, TimeUnit.SECONDS))).isEqualTo("risk/1");
        }
    }

    @Test
    void ofManyRowsOnlyTheOnesToBlameFail() {
        registry.register("model.onnx", "linear.onnx");
        registry.alias("champion", 1);

        List<Predicted> all =
                predict(
                        List.of(
                                List.of(1L, 0L),
                                List.of("x", 0L),
                                List.of(2L, 0L),
                                List.of(3L, "y")));

        assertThat(all)
                .extracting(RegisteredModelsTest::version)
                .containsExactly(
                        "risk/1",
                        "input X takes FP32, and is given x",
                        "risk/1",
                        "input X takes FP32, and is given y");
    }

    @Test
    void aModelThatIsClosedIsOpenedAgainWhenItIsAskedFor() {
        registry.register("model.onnx", "linear.onnx");
        registry.alias("champion", 1);
        assertThat(version(predict())).isEqualTo("risk/1");
        registry.askedFor.clear();
        assertThat(version(predict())).isEqualTo("risk/1");
        assertThat(registry.askedFor).as("open already").isEmpty();

        models.closeOf("risk@champion");

        assertThat(version(predict())).isEqualTo("risk/1");
        assertThat(registry.askedFor).containsExactly(1);
    }
}
