package leat.core.tracking.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import leat.core.tracking.Dataset;
import leat.core.tracking.DatasetId;
import leat.core.tracking.DatasetInput;
import leat.core.tracking.LifecycleStage;
import leat.core.tracking.LogBatch;
import leat.core.tracking.LogDatasets;
import leat.core.tracking.Metric;
import leat.core.tracking.Run;
import leat.core.tracking.RunCommand;
import leat.core.tracking.RunStatus;
import leat.core.tracking.TrackedState;
import leat.core.tracking.TrackingRefused;
import leat.core.tracking.ViewType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RunSearchTest {

    private static final PageRequest ALL = new PageRequest(100, new PageToken(0));

    /// Three runs: a is the oldest, c the newest and without metrics.
    private final TrackedState state =
            new TrackedState()
                    .withRun("a", 100)
                    .withRun("b", 200)
                    .withRun("c", 300)
                    .with(LogBatch.metric("a", new Metric("acc", 0.9, 1, 1)))
                    .with(LogBatch.metric("b", new Metric("acc", Double.NaN, 1, 1)))
                    .with(LogBatch.metric("b", new Metric("val loss", -0.5, 1, 1)))
                    .with(LogBatch.param("a", "model", "xgboost_v1"))
                    .with(LogBatch.param("b", "model", "XGBoost"))
                    .with(LogBatch.tag("a", "mlflow.source.name", "it's"))
                    .with(new LogDatasets("a", List.of(dataset("cars", "training"))))
                    .with(
                            new LogDatasets(
                                    "b", List.of(dataset("cars", "test"), dataset("vans", ""))))
                    .with(
                            new RunCommand.Update(
                                    "a",
                                    Optional.of(RunStatus.FINISHED),
                                    OptionalLong.of(150),
                                    ""));

    private static DatasetInput dataset(String name, String context) {
        return new DatasetInput(
                new Dataset(new DatasetId(name, "of " + name), "http", "{}", "", ""),
                new TreeMap<>(
                        context.isEmpty() ? Map.of() : Map.of("mlflow.data.context", context)));
    }

    private List<String> found(String filter, String... orders) {
        return ids(
                RunSearch.of(filter, List.of(orders), ViewType.ACTIVE_ONLY, ALL)
                        .in(state.fold().runs(List.of("0"))));
    }

    private static List<String> ids(Page<Run> page) {
        return page.found().stream().map(run -> run.info().id()).toList();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '^',
            delimiter = '|',
            value = {
                "^^ | c b a",
                "metrics.acc > 0.8 | a",
                "metric.acc >= 9e-1 AND params.model LIKE 'xgb%' | a",
                "metrics.acc<1 | a",
                "metrics.acc != 3 | b a",
                "metrics.`val loss` = -0.5 | b",
                "metrics.\"val loss\" <= -.5 | b",
                "params.model = 'XGBoost' | b",
                "params.model != 'XGBoost' | a",
                "parameters.model ILIKE 'xgboost%' | b a",
                "param.model like 'xgboost_v_' | a",
                "params.model = \"XGBoost\" | b",
                "tags.mlflow.source.name = 'it''s' | a",
                "tag.`mlflow.source.name` LIKE '%''s' | a",
                "attributes.status = 'FINISHED' | a",
                "status = 'RUNNING' and user_id = 'anna' | c b",
                "start_time >= 200 | c b",
                "attr.end_time < 151 | a",
                "run.`Run name` = 'run-b' | b",
                "attribute.run_id IN ('a', 'c') | c a",
                "run_id NOT IN ('a','c') | b",
                "attributes.artifact_uri LIKE 'mlflow-artifacts:/0/b/%' | b",
                "metrics.missing != 1 | ^^",
                "datasets.name = 'cars' | b a",
                "dataset.name LIKE 'v%' AND datasets.context = 'test' | b",
                "datasets.digest IN ('of vans', 'x') | b",
                "datasets.name NOT IN ('vans') | b a",
                "datasets.name != 'cars' | b",
                "dataset.context ILIKE 'TRAIN%' | a",
                "dataset.context != 'x' | b a",
            })
    void filtersTakeTheRunsThatFulfilAllConditions(String filter, String ids) {
        assertThat(String.join(" ", found(filter))).isEqualTo(ids);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '^',
            delimiter = '|',
            value = {
                "metrics.acc = 'x' | Expected numeric value type for metric. Found 'x'",
                "metrics.acc LIKE 'x' | Invalid comparator 'LIKE' not one of ['=', '!=', '>', '>=', '<', '<=']",
                "params.depth = 3 | Expected a quoted string value for parameter (e.g. 'my-value'). Got value 3",
                "params.depth > '3' | Invalid comparator '>' not one of ['=', '!=', 'LIKE', 'ILIKE']",
                "tags.x = y | Expected a quoted string value for tag (e.g. 'my-value'). Got value y",
                "model.x = 'y' | Invalid entity type 'model'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']",
                "datasets.schema = 'y' | Invalid dataset key 'schema' specified. Valid keys are ['name', 'digest', 'context']",
                "datasets.name = 3 | Expected a quoted string value for dataset attributes. Got value 3",
                "datasets.name > 'a' | Invalid comparator '>' not one of ['=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN']",
                "attributes.color = 'y' | Invalid attribute key 'color' specified. Valid keys are ['artifact_uri', 'end_time', 'run_id', 'run_name', 'start_time', 'status', 'user_id']",
                "start_time = 'x' | Expected numeric value type for numeric attribute: start_time. Found 'x'",
                "status IN ('a') | Only the 'run_id' attribute supports comparison with a list of quoted string values.",
                "run_id IN () | While parsing a list in the query, expected a non-empty list of quoted string values, got run_id IN ()",
                "metrics.acc > | Invalid comparison clause. Expected 3 tokens found 2",
                "metrics.acc | Invalid comparison clause. Expected 3 tokens found 1",
                "metrics.acc <> 1 | Invalid comparator '<>' not one of ['=', '!=', '>', '>=', '<', '<=']",
                "0.5 < metrics.acc | Invalid comparison clause. Expected 'Identifier' found '0.5'",
                "metrics.acc > 1; status = 'x' | Search filter contained multiple expression 'metrics.acc > 1; status = 'x''. Provide AND-ed expression list.",
            })
    void whatIsNoFilterIsRefusedWithWhatIsWrong(String filter, String text) {
        TrackingRefused refused = catchThrowableOfType(TrackingRefused.class, () -> found(filter));

        assertThat(refused).hasMessage(text);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '^',
            delimiter = '|',
            value = {
                "metrics.acc > 1 OR metrics.acc < 2 | OR metrics.acc < 2",
                "params.batch-size = '3' | -size = '3'",
                "params.x = 'open | 'open",
                "tags.`open = 'x' | `open = 'x'",
                "(status = 'x') AND run_id NOT 'x' | (",
                "status ~ 'x' | ~ 'x'",
            })
    void anInvalidClauseIsShown(String filter, String clause) {
        TrackingRefused refused = catchThrowableOfType(TrackingRefused.class, () -> found(filter));

        assertThat(refused).hasMessageStartingWith("Invalid c").hasMessageContaining("'" + clause);
    }

    @Test
    void whatIsNotANumberComesBehindNumbersAndWhatIsMissingLastInBothDirections() {
        assertThat(found("", "metrics.acc")).containsExactly("a", "b", "c");
        assertThat(found("", "metrics.acc DESC")).containsExactly("a", "b", "c");
        assertThat(found("", "`metrics`.`val loss` asc")).containsExactly("b", "c", "a");
    }

    @Test
    void runsAreNotOrderedByTheirDatasets() {
        TrackingRefused refused =
                catchThrowableOfType(TrackingRefused.class, () -> found("", "datasets.name"));

        assertThat(refused).hasMessage("Invalid order_by entity type 'datasets'");
    }

    @Test
    void ordersApplyOneAfterTheOther() {
        assertThat(found("", "user_id ASC", "attributes.start_time asc"))
                .containsExactly("a", "b", "c");
        assertThat(found("", "params.model DESC")).containsExactly("a", "b", "c");
        assertThat(found("", "Created")).containsExactly("a", "b", "c");
    }

    @ParameterizedTest
    @CsvSource({
        "metrics.acc up,Invalid ordering key in order_by clause 'metrics.acc up'.",
        "metrics.acc asc x,Invalid order_by clause 'metrics.acc asc x'. Could not be parsed.",
        "3,Invalid order_by clause '3'. Could not be parsed.",
    })
    void whatIsNoOrderIsRefused(String order, String text) {
        TrackingRefused refused =
                catchThrowableOfType(TrackingRefused.class, () -> found("", order));

        assertThat(refused).hasMessage(text);
    }

    @Test
    void theViewChoosesTheStages() {
        state.with(new RunCommand.Move("b", LifecycleStage.DELETED));

        assertThat(found("")).containsExactly("c", "a");
        assertThat(
                        ids(
                                RunSearch.of("", List.of(), ViewType.DELETED_ONLY, ALL)
                                        .in(state.fold().runs(List.of("0")))))
                .containsExactly("b");
        assertThat(
                        ids(
                                RunSearch.of("", List.of(), ViewType.ALL, ALL)
                                        .in(state.fold().runs(List.of("0")))))
                .containsExactly("c", "b", "a");
    }

    @Test
    void pagesFollowEachOtherToTheEnd() {
        TrackedState many = new TrackedState();
        IntStream.range(0, 25).forEach(i -> many.withRun("r" + (10 + i), 1_000 - i));
        List<String> read = new ArrayList<>();
        int pages = 0;
        String token = "";
        do {
            Page<Run> page =
                    RunSearch.of(
                                    "",
                                    List.of(),
                                    ViewType.ACTIVE_ONLY,
                                    PageRequest.of(OptionalLong.of(10), token))
                            .in(many.fold().runs(List.of("0", "0", "unknown")));
            read.addAll(ids(page));
            token = page.nextToken();
            pages++;
        } while (!token.isEmpty());

        assertThat(pages).isEqualTo(3);
        assertThat(read).isEqualTo(IntStream.range(0, 25).mapToObj(i -> "r" + (10 + i)).toList());
    }

    @Test
    void aPageOfLargeRunsEndsEarlier() {
        TrackedState large = new TrackedState();
        for (int run = 0; run < 3; run++) {
            String id = "r" + run;
            large.withRun(id, 1_000 - run);
            for (int batch = 0; batch < 11; batch++) {
                int first = 100 * batch;
                large.with(
                        new LogBatch(
                                id,
                                List.of(),
                                List.of(),
                                IntStream.range(first, first + 100)
                                        .mapToObj(
                                                i -> new LogBatch.Entry("t" + i, "x".repeat(8_000)))
                                        .toList(),
                                false));
            }
        }

        Page<Run> first =
                RunSearch.of("", List.of(), ViewType.ACTIVE_ONLY, ALL)
                        .in(large.fold().runs(List.of("0")));
        Page<Run> second =
                RunSearch.of(
                                "",
                                List.of(),
                                ViewType.ACTIVE_ONLY,
                                new PageRequest(100, PageToken.parse(first.nextToken())))
                        .in(large.fold().runs(List.of("0")));

        assertThat(ids(first)).containsExactly("r0", "r1");
        assertThat(ids(second)).containsExactly("r2");
        assertThat(second.nextToken()).isEmpty();
    }

    @Test
    void pagesThatCannotBeAreRefused() {
        Map.of(
                        50_001L, "It must be at most 50000.",
                        0L, "It must be at least 1.")
                .forEach((wanted, text) ->
                        assertThat(
                                        catchThrowableOfType(
                                                TrackingRefused.class,
                                                () -> PageRequest.of(OptionalLong.of(wanted), "")))
                                .hasMessageContaining(text));
        assertThat(catchThrowableOfType(TrackingRefused.class, () -> PageToken.parse("%%")))
                .hasMessage("Invalid page token, could not base64-decode");
        assertThat(catchThrowableOfType(TrackingRefused.class, () -> PageToken.parse("e30=")))
                .hasMessage("Invalid page token, decoded value={}");
    }
}
