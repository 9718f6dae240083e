package leat.ml.tracking;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import leat.core.tracking.Dataset;
import leat.core.tracking.DatasetId;
import leat.core.tracking.DatasetInput;
import leat.core.tracking.Experiment;
import leat.core.tracking.LifecycleStage;
import leat.core.tracking.Metric;
import leat.core.tracking.ModelMetric;
import leat.core.tracking.NewestMetric;
import leat.core.tracking.RunInfo;
import leat.core.tracking.RunStatus;
import leat.core.tracking.TrackingRecord;
import leat.ml.fold.RecordUnreadable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class StateRecordsTest {

    private static final StateRecords RECORDS = new StateRecords("leat.tracking");

    private static ConsumerRecord<byte[], byte[]> read(ProducerRecord<byte[], byte[]> written) {
        return new ConsumerRecord<>("leat.tracking", 0, 7, written.key(), written.value());
    }

    static Stream<TrackingRecord> records() {
        RunInfo running =
                new RunInfo(
                        "a1",
                        "7",
                        "fast",
                        "anna",
                        RunStatus.RUNNING,
                        5,
                        OptionalLong.empty(),
                        "mlflow-artifacts:/7/a1/artifacts",
                        LifecycleStage.ACTIVE);
        return Stream.of(
                new TrackingRecord.OfExperiment(
                        new Experiment(
                                "7",
                                "cars \"x\"",
                                "s3://b/c",
                                LifecycleStage.DELETED,
                                1,
                                2,
                                new TreeMap<>())),
                new TrackingRecord.ExperimentTag("7", "a/b", Optional.of("v")),
                new TrackingRecord.ExperimentTag("7", "a/b", Optional.empty()),
                new TrackingRecord.OfRun(running),
                new TrackingRecord.OfRun(
                        new RunInfo(
                                "a1",
                                "7",
                                "fast",
                                "",
                                RunStatus.KILLED,
                                5,
                                OptionalLong.of(9),
                                "",
                                LifecycleStage.DELETED)),
                new TrackingRecord.Param("a1", "tag/x", "größe"),
                new TrackingRecord.Tag("a1", "mlflow.source.name", Optional.of("")),
                new TrackingRecord.Tag("a1", "param/x/y", Optional.empty()),
                metric(0.1 + 0.2),
                metric(Double.NaN),
                metric(Double.NEGATIVE_INFINITY),
                metric(-0.0),
                dataset("cars", "8f/3", Map.of("mlflow.data.context", "training", "größe", "")),
                dataset("3/cars", "8f", Map.of()),
                ofModel(Optional.empty(), "acc"),
                ofModel(Optional.of(new DatasetId("cars/x", "8f")), "train/acc"));
    }

    private static TrackingRecord dataset(String name, String digest, Map<String, String> tags) {
        return new TrackingRecord.OfDataset(
                "a1",
                new DatasetInput(
                        new Dataset(
                                new DatasetId(name, digest),
                                "http",
                                "{\"url\": \"a/b\"}",
                                "{\"mlflow_colspec\": []}",
                                ""),
                        new TreeMap<>(tags)));
    }

    private static TrackingRecord ofModel(Optional<DatasetId> dataset, String key) {
        return new TrackingRecord.OfModel(
                new ModelMetric("m-1", "a1", dataset, new Metric(key, Double.NaN, 1L << 40, -3)));
    }

    private static TrackingRecord metric(double value) {
        return new TrackingRecord.OfMetric(
                "a1",
                new NewestMetric(new Metric("train/loss", value, 1L << 40, -3), 11, 1L << 40, 9));
    }

    @ParameterizedTest
    @MethodSource("records")
    void whatIsWrittenIsRead(TrackingRecord record) {
        assertThat(RECORDS.read(read(RECORDS.of(record)))).isEqualTo(record);
    }

    @Test
    void theKeySaysWhatTheRecordIsOf() {
        assertThat(records().map(record -> new String(RECORDS.of(record).key(), UTF_8)).distinct())
                .containsExactly(
                        "experiment/7",
                        "experiment/7/tag/a/b",
                        "run/a1",
                        "run/a1/param/tag/x",
                        "run/a1/tag/mlflow.source.name",
                        "run/a1/tag/param/x/y",
                        "run/a1/metric/train/loss",
                        "run/a1/dataset/8f%2F3/cars",
                        "run/a1/dataset/8f/3%2Fcars",
                        "model/m-1/metric///acc",
                        "model/m-1/metric/8f/cars%2Fx/train/acc");
    }

    @Test
    void recordsOfOthersAreRefusedWithTheirPlace() {
        assertThatThrownBy(() ->
                        RECORDS.read(
                                new ConsumerRecord<>(
                                        "leat.tracking",
                                        0,
                                        7,
                                        "run/a".getBytes(UTF_8),
                                        "{\"format\":2}".getBytes(UTF_8))))
                .isInstanceOf(RecordUnreadable.class)
                .hasMessageContaining(
                        "record 7 of topic leat.tracking is none that this program can read: its"
                                + " format is 2, this program knows 1");
        assertThatThrownBy(() ->
                        RECORDS.read(
                                new ConsumerRecord<>(
                                        "leat.tracking",
                                        0,
                                        8,
                                        "model/a".getBytes(UTF_8),
                                        "{\"format\":1}".getBytes(UTF_8))))
                .isInstanceOf(RecordUnreadable.class)
                .hasMessageContaining("nothing has the key of a model");
    }
}
