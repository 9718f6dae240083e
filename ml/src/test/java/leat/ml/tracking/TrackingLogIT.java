package leat.ml.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import leat.core.event.Names;
import leat.core.tracking.Dataset;
import leat.core.tracking.DatasetId;
import leat.core.tracking.DatasetInput;
import leat.core.tracking.Experiment;
import leat.core.tracking.ExperimentCommand;
import leat.core.tracking.LogBatch;
import leat.core.tracking.LogDatasets;
import leat.core.tracking.LogForModels;
import leat.core.tracking.Metric;
import leat.core.tracking.ModelMetric;
import leat.core.tracking.NewestMetric;
import leat.core.tracking.Run;
import leat.core.tracking.RunCommand;
import leat.core.tracking.TrackingError;
import leat.core.tracking.TrackingFold;
import leat.core.tracking.TrackingRefused;
import leat.core.tracking.search.Page;
import leat.core.tracking.search.PageRequest;
import leat.ml.featurestore.FeatureKafka;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TrackingLogIT {

    private static final ModelMetric OF_MODEL =
            new ModelMetric(
                    "m-1",
                    "a",
                    Optional.of(new DatasetId("cars", "8f/3")),
                    new Metric("acc", 0.5, 1, 1));

    private final Names names = FeatureKafka.freshNames();

    @BeforeEach
    void makeTopics() {
        try (Admin admin = FeatureKafka.connection().admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(TrackingLog.topics(names)));
        }
    }

    private TrackingLog opened() {
        return new TrackingLog(FeatureKafka.connection(), names, InstantSource.system());
    }

    private static RunCommand.Create run(String id) {
        return new RunCommand.Create(id, "0", "", "anna", 5, Map.of());
    }

    private static Run read(Tracking tracking, String id) {
        return tracking.read(state -> state.run(id)).orElseThrow();
    }

    private static NewestMetric newest(Tracking tracking, String metric) {
        return Objects.requireNonNull(read(tracking, "a").metrics().get(metric));
    }

    private static PageRequest page(int size, String token) {
        return PageRequest.of(OptionalLong.of(size), token, 1, 25_000);
    }

    @Test
    void whatWasWrittenIsReadAtOnceByItsWriterAndByOthers() {
        try (TrackingLog one = opened();
                TrackingLog other = opened()) {
            for (int i = 0; i < 20; i++) {
                one.write(run("r" + i));
                int ofOne = one.read(TrackingFold::runCount);
                int ofOther = other.read(TrackingFold::runCount);
                assertThat(ofOne).isEqualTo(i + 1);
                assertThat(ofOther).isEqualTo(i + 1);
            }
        }
    }

    @Test
    void aLaterProcessFindsEverything() {
        List<Run> before;
        try (TrackingLog tracking = opened()) {
            tracking.write(new ExperimentCommand.Create("7", "cars", "", Map.of("team", "fleet")));
            tracking.write(run("a"));
            tracking.write(LogBatch.param("a", "depth", "3"));
            tracking.write(LogBatch.metric("a", new Metric("loss", Double.NaN, 1, 1)));
            tracking.write(LogBatch.tag("a", "gone", "x"));
            tracking.write(new RunCommand.DeleteTag("a", "gone"));
            tracking.write(new LogDatasets("a", List.of(cars())));
            tracking.write(
                    new LogForModels(LogBatch.metric("a", OF_MODEL.metric()), List.of(OF_MODEL)));
            before = tracking.read(state -> state.runs(List.of("0")));
        }

        try (TrackingLog later = opened()) {
            List<Run> after = later.read(state -> state.runs(List.of("0")));
            Experiment cars = later.read(state -> state.experimentNamed("cars")).orElseThrow();
            assertThat(after).isEqualTo(before);
            assertThat(cars.tags()).containsEntry("team", "fleet");
            assertThat(read(later, "a").tags()).doesNotContainKey("gone");
            assertThat(read(later, "a").datasets().values()).containsExactly(cars());
            List<ModelMetric> measured =
                    later.read(state -> List.copyOf(state.ofModel("m-1").values()));
            assertThat(measured).containsExactly(OF_MODEL);
        }
    }

    /// As large as one request may make it.
    private static DatasetInput cars() {
        return new DatasetInput(
                new Dataset(
                        new DatasetId("cars", "8f/3"),
                        "http",
                        "{\"url\": \"a\"}",
                        "\"".repeat(499_000),
                        "{\"num_rows\": 3}"),
                new TreeMap<>(Map.of("mlflow.data.context", "training")));
    }

    @Test
    void whatIsRefusedIsNotWritten() {
        try (TrackingLog tracking = opened()) {
            tracking.write(run("a"));
            tracking.write(LogBatch.param("a", "depth", "3"));

            TrackingRefused refused =
                    catchThrowableOfType(
                            TrackingRefused.class,
                            () ->
                                    tracking.write(
                                            new LogBatch(
                                                    "a",
                                                    List.of(new Metric("loss", 1, 1, 1)),
                                                    List.of(new LogBatch.Entry("depth", "4")),
                                                    List.of(),
                                                    false)));

            assertThat(refused.error()).isEqualTo(TrackingError.INVALID_PARAMETER_VALUE);
            assertThat(read(tracking, "a").metrics()).isEmpty();
            assertThat(tracking.history("a", "loss", page(10, "")).found()).isEmpty();
        }
    }

    @Test
    void aHistoryHasEachPointOnceInOrderByPagesAlsoWhereItWasLoggedAgain() {
        try (TrackingLog tracking = opened()) {
            tracking.write(run("a"));
            tracking.write(run("b"));
            for (int batch = 0; batch < 3; batch++) {
                tracking.write(points("a", "loss", batch * 1_000L, 1_000));
                tracking.write(points("b", "loss", 5_000, 10));
                tracking.write(points("a", "train/loss", 0, 10));
            }
            tracking.write(points("a", "loss", 500, 1_000));

            List<Metric> read = new ArrayList<>();
            String token = "";
            do {
                Page<Metric> page = tracking.history("a", "loss", page(1_250, token));
                read.addAll(page.found());
                token = page.nextToken();
            } while (!token.isEmpty());

            assertThat(read.stream().map(Metric::step))
                    .containsExactlyElementsOf(LongStream.range(0, 3_000).boxed().toList());
            assertThat(newest(tracking, "loss").metric().step()).isEqualTo(2_999);
            assertThat(tracking.history("b", "loss", page(100, "")).found()).hasSize(10);
            assertThat(tracking.history("a", "train/loss", page(100, "")).found()).hasSize(10);
        }
    }

    private static LogBatch points(String run, String metric, long firstStep, int count) {
        return new LogBatch(
                run,
                LongStream.range(firstStep, firstStep + count)
                        .mapToObj(step -> new Metric(metric, 1.0 / (step + 1), step, step))
                        .toList(),
                List.of(),
                List.of(),
                false);
    }

    @Test
    void processesThatWriteAtTheSameTimeLoseAndDoubleNothing() throws Exception {
        int each = 15;
        try (TrackingLog one = opened();
                TrackingLog other = opened();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            one.write(run("a"));
            Future<?> first = threads.submit(() -> log(one, "one", each));
            Future<?> second = threads.submit(() -> log(other, "other", each));
            first.get();
            second.get();

            Map<String, NewestMetric> metrics = read(one, "a").metrics();
            assertThat(read(other, "a").metrics()).isEqualTo(metrics);
            for (String metric : List.of("one", "other", "both")) {
                int points = metric.equals("both") ? 2 * each : each;
                // One whose commit nobody could tell of is logged again, as the same point.
                assertThat(newest(one, metric).points()).as(metric).isGreaterThanOrEqualTo(points);
                assertThat(one.history("a", metric, page(1_000, "")).found())
                        .as(metric)
                        .hasSize(points)
                        .doesNotHaveDuplicates();
            }
        }
    }

    private static void log(Tracking tracking, String metric, int count) {
        IntStream.range(0, count)
                .forEach(i ->
                        tracking.write(
                                new LogBatch(
                                        "a",
                                        List.of(
                                                new Metric(metric, i, i, i),
                                                new Metric("both", i, metric.length(), i)),
                                        List.of(),
                                        List.of(),
                                        false)));
    }

    @Test
    void ofTwoThatTakeTheSameNameOneIsRefused() throws Exception {
        try (TrackingLog one = opened();
                TrackingLog other = opened();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<TrackingRefused>> refusals = new ArrayList<>();
            for (TrackingLog tracking : List.of(one, other)) {
                String id = tracking == one ? "1" : "2";
                refusals.add(
                        threads.submit(() ->
                                catchThrowableOfType(
                                        TrackingRefused.class,
                                        () ->
                                                tracking.write(
                                                        new ExperimentCommand.Create(
                                                                id, "cars", "", Map.of())))));
            }
            TrackingRefused first = refusals.getFirst().get();
            TrackingRefused second = refusals.getLast().get();

            assertThat((first == null) ^ (second == null)).isTrue();
            List<Experiment> experiments = one.read(TrackingFold::experiments);
            assertThat(experiments).hasSize(2);
        }
    }
}
