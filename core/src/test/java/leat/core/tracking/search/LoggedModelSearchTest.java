package leat.core.tracking.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import leat.core.model.LoggedModel;
import leat.core.model.LoggedModelInfo;
import leat.core.model.LoggedModelStatus;
import leat.core.model.MeasuredModel;
import leat.core.tracking.DatasetId;
import leat.core.tracking.LifecycleStage;
import leat.core.tracking.Metric;
import leat.core.tracking.ModelMetric;
import leat.core.tracking.TrackingRefused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LoggedModelSearchTest {

    private static final DatasetId TRAIN = new DatasetId("cars", "1");
    private static final DatasetId TEST = new DatasetId("cars", "2");
    private static final DatasetId OTHER = new DatasetId("vans", "1");

    /// Three models: a is the oldest, and c was not measured.
    private static final List<MeasuredModel> MODELS =
            List.of(
                    model("a", 100, measured("a", TRAIN, 0.9, 1), measured("a", TEST, 0.6, 2)),
                    model("b", 200, measured("b", TRAIN, 0.7, 1), measured("b", OTHER, 0.8, 3)),
                    model("c", 300));

    private static MeasuredModel model(String id, long created, ModelMetric... metrics) {
        return new MeasuredModel(
                new LoggedModel(
                        new LoggedModelInfo(
                                id,
                                "0",
                                "tree",
                                "",
                                "run",
                                "",
                                LoggedModelStatus.LOGGED_MODEL_READY,
                                LifecycleStage.ACTIVE,
                                created,
                                created),
                        new TreeMap<>(),
                        new TreeMap<>()),
                List.of(metrics));
    }

    private static ModelMetric measured(String id, DatasetId dataset, double value, long step) {
        return new ModelMetric(id, "run", Optional.of(dataset), new Metric("acc", value, 1, step));
    }

    private static String found(String filter, MeasuredOn on, LoggedModelSearch.Order... orders) {
        PageRequest all = new PageRequest(100, new PageToken(0));
        return String.join(
                " ",
                LoggedModelSearch.of(filter, on, List.of(orders), all).in(MODELS).found().stream()
                        .map(model -> model.model().info().id())
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '^',
            delimiter = '|',
            value = {
                "metrics.acc > 0.85 | a",
                "metrics.acc > 0.65 AND status = 'READY' | b a",
                "metrics.acc = 0.6 | a",
                "metrics.loss > 0 | ^^",
                "name = 'tree' | c b a"
            })
    void aMetricFulfilsAComparisonWhereItDoesOnOneDataset(String filter, String ids) {
        assertThat(found(filter, MeasuredOn.ANY)).isEqualTo(ids);
    }

    @Test
    void metricsCountThatWereMeasuredOnTheDatasetsOfTheSearch() {
        MeasuredOn test = new MeasuredOn(List.of(TEST, OTHER));

        assertThat(found("metrics.acc > 0.75", test)).isEqualTo("b");
        assertThat(found("metrics.acc > 0.5", MeasuredOn.of("cars", "2"))).isEqualTo("a");
        assertThat(found("metrics.acc > 0.5", MeasuredOn.of("cars", ""))).isEqualTo("b a");
        assertThat(found("", MeasuredOn.of("vans", ""))).isEqualTo("b");
        assertThat(found("", MeasuredOn.of("vans", "9"))).isEmpty();
    }

    @Test
    void anOrderLooksAtTheNewestValueOnItsDatasetAndThoseWithoutComeLast() {
        assertThat(found("", MeasuredOn.ANY, order("metrics.acc", true, MeasuredOn.ANY)))
                .isEqualTo("a b c");
        assertThat(found("", MeasuredOn.ANY, order("metrics.acc", false, MeasuredOn.ANY)))
                .isEqualTo("b a c");
        assertThat(
                        found(
                                "",
                                MeasuredOn.ANY,
                                order("metrics.acc", false, MeasuredOn.of("cars", "1"))))
                .isEqualTo("a b c");
        assertThat(
                        found(
                                "",
                                MeasuredOn.ANY,
                                order("metrics.acc", false, MeasuredOn.of("vans", ""))))
                .isEqualTo("b c a");
    }

    private static LoggedModelSearch.Order order(String field, boolean ascending, MeasuredOn on) {
        return new LoggedModelSearch.Order(field, ascending, on);
    }

    @Test
    void aDigestWithoutANameIsRefused() {
        TrackingRefused refused =
                catchThrowableOfType(TrackingRefused.class, () -> MeasuredOn.of("", "1"));

        assertThat(refused).hasMessageStartingWith("`dataset_digest` can only be specified");
    }
}
