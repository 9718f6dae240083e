package leat.core.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LogDatasetsTest {

    private final TrackedState state = new TrackedState().withRun("a", 5);

    private TrackingRefused refusal(DatasetInput... inputs) {
        return catchThrowableOfType(
                TrackingRefused.class, () -> state.with(new LogDatasets("a", List.of(inputs))));
    }

    private static Dataset dataset(String name, String digest, String schema) {
        return new Dataset(new DatasetId(name, digest), "http", "{\"url\":\"x\"}", schema, "{}");
    }

    private static DatasetInput input(String name, String digest) {
        return input(name, digest, Map.of("mlflow.data.context", "training"));
    }

    private static DatasetInput input(String name, String digest, Map<String, String> tags) {
        return new DatasetInput(dataset(name, digest, "[]"), new TreeMap<>(tags));
    }

    @Test
    void aRunHasTheDatasetsThatItHasReadByNameAndDigest() {
        DatasetInput old = input("cars", "1");
        DatasetInput now = input("cars", "2", Map.of());

        state.with(new LogDatasets("a", List.of(now)))
                .with(new LogDatasets("a", List.of(old, input("bikes", "1"))));

        assertThat(state.run("a").datasets().values())
                .containsExactly(input("bikes", "1"), old, now);
        assertThat(old.context()).contains("training");
        assertThat(now.context()).isEmpty();
    }

    @Test
    void whatIsLoggedAgainIsOneInputAsItWasLoggedFirst() {
        state.with(new LogDatasets("a", List.of(input("cars", "1"))));
        int records = state.log().size();
        DatasetInput other =
                new DatasetInput(dataset("cars", "1", "[\"other\"]"), new TreeMap<>(Map.of()));

        state.with(new LogDatasets("a", List.of(other)));
        state.with(new LogDatasets("a", List.of(input("vans", "1"), input("vans", "1"))));

        assertThat(state.run("a").datasets().values())
                .containsExactly(input("cars", "1"), input("vans", "1"));
        assertThat(state.log()).hasSize(records + 1);
    }

    @Test
    void runsThatReadOneDatasetShareItInMemory() {
        state.withRun("b", 6)
                .with(new LogDatasets("a", List.of(input("cars", "1"))))
                .with(new LogDatasets("b", List.of(input("cars", "1", Map.of("for", "tests")))));

        DatasetInput ofA = only("a");
        DatasetInput ofB = only("b");

        assertThat(ofB).isEqualTo(input("cars", "1", Map.of("for", "tests")));
        assertThat(ofB.dataset()).isSameAs(ofA.dataset());
    }

    private DatasetInput only(String run) {
        assertThat(state.run(run).datasets()).hasSize(1);
        return state.run(run).datasets().values().iterator().next();
    }

    @ParameterizedTest
    @CsvSource({
        "name, 500",
        "digest, 36",
        "source_type, 36",
        "source, 65535",
        "tags.key, 255",
        "tags.value, 500"
    })
    void aTextThatIsTooLongIsRefusedWithItsPlace(String field, int limit) {
        assertThat(refusal(longest("right", field, limit))).isNull();

        TrackingRefused refused = refusal(input("right", "0"), longest("wrong", field, limit + 1));

        String place = (field.startsWith("tags") ? "datasets[1]." : "datasets[1].dataset.") + field;
        assertThat(refused.error()).isEqualTo(TrackingError.INVALID_PARAMETER_VALUE);
        assertThat(refused)
                .hasMessage(
                        "'" + place + "' exceeds the maximum length of " + limit + " characters");
        assertThat(state.run("a").datasets()).hasSize(1);
    }

    /// A dataset of which one text has as many characters as wanted.
    private static DatasetInput longest(String name, String field, int characters) {
        String text = "x".repeat(characters);
        return new DatasetInput(
                new Dataset(
                        new DatasetId(
                                field.equals("name") ? text : name,
                                field.equals("digest") ? text : "1"),
                        field.equals("source_type") ? text : "http",
                        field.equals("source") ? text : "{}",
                        "",
                        ""),
                new TreeMap<>(
                        Map.of(
                                field.equals("tags.key") ? text : "key",
                                field.equals("tags.value") ? text : "value")));
    }

    @Test
    void theDatasetsOfARunHaveALimitOfNumberAndOfSize() {
        List<DatasetInput> many =
                IntStream.range(0, 1_000).mapToObj(i -> input("d" + i, "1")).toList();
        state.with(new LogDatasets("a", many)).withRun("b", 6);

        assertThat(refusal(input("more", "1")))
                .hasMessage("The datasets of the run would be 1001, and may be 1000 at most");
        assertThat(refusal(many.getFirst())).isNull();
        DatasetInput huge =
                new DatasetInput(dataset("huge", "1", "x".repeat(4_000_000)), new TreeMap<>());
        assertThat(
                        catchThrowableOfType(
                                TrackingRefused.class,
                                () -> state.with(new LogDatasets("b", List.of(huge)))))
                .hasMessageMatching(
                        "The characters of the run's datasets together would be 40001\\d\\d, and"
                                + " may be 4000000 at most");
    }

    @Test
    void aDatasetHasALimitOfTags() {
        Map<String, String> tags = new TreeMap<>();
        IntStream.range(0, 101).forEach(i -> tags.put("t" + i, ""));

        assertThat(refusal(input("cars", "1", tags)))
                .hasMessage("The tags of the dataset 'cars' would be 101, and may be 100 at most");
    }

    @Test
    void aRunThatIsDeletedTakesNone() {
        state.with(new RunCommand.Move("a", LifecycleStage.DELETED));

        assertThat(refusal(input("cars", "1"))).hasMessageContaining("must be in the 'active'");
    }
}
