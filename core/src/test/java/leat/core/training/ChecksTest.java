package leat.core.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ChecksTest {

    @Test
    void checksNameEverythingThatIsWrong() {
        Checks checks =
                new Checks(
                        100,
                        0,
                        OptionalDouble.of(0.5),
                        OptionalDouble.of(0.25),
                        new TreeMap<>(
                                Map.of(
                                        "load",
                                        new Checks.Bounds(
                                                OptionalDouble.of(0),
                                                OptionalDouble.of(10),
                                                OptionalDouble.of(0.01)))));

        assertThat(
                        checks.objections(
                                7,
                                new TreeMap<>(
                                        Map.of(
                                                "vectors of state.v1",
                                                new Checks.Kept(
                                                        2_000, 3, "state.v1/2@7: heat is true"),
                                                "events of machine.v1",
                                                new Checks.Kept(2_000, 0, ""))),
                                new TreeMap<>(
                                        Map.of(
                                                "heat",
                                                new Checks.Seen(10, 5, 1, -9, 9),
                                                "load",
                                                new Checks.Seen(10, 1, 0, -1, 11))),
                                new TreeMap<>(Map.of("heat", 0.3, "load", 0.2))))
                .containsExactly(
                        "there are 7 rows, at least 100 are wanted",
                        "3 of 2,000 vectors of state.v1 (0.15%) break their schema, at most 0.00%"
                                + " may (the first is state.v1/2@7: heat is true)",
                        "heat is beyond what a model's number holds in 1 vectors",
                        "load is missing in 10.00% of the vectors, at most 1.00% may lack it",
                        "load is -1.0, below 0.0",
                        "load is 11.0, above 10.0",
                        "heat has drifted by 0.300 since the version before, at most 0.25 is"
                                + " allowed");
        assertThat(
                        checks.objections(
                                100,
                                new TreeMap<>(
                                        Map.of(
                                                "vectors of state.v1",
                                                new Checks.Kept(2_000, 0, ""))),
                                new TreeMap<>(Map.of("load", new Checks.Seen(10, 0, 0, 0, 10))),
                                new TreeMap<>()))
                .isEmpty();
    }

    private static List<String> objections(String checks, Checks.Kept kept) {
        return Trainings.training(
                        """
                        training:
                          model: m
                          algorithm: k-means
                          data: {view: state, features: [load]}
                        """
                                + checks)
                .checks()
                .objections(
                        100,
                        new TreeMap<>(Map.of("events of machine.v1", kept)),
                        new TreeMap<>(),
                        new TreeMap<>());
    }

    @Test
    void oneRecordThatBreaksItsSchemaIsTooManyWhereNothingElseIsSaid() {
        Checks.Kept one = new Checks.Kept(1_000_000, 1, "machine.v1/0@5: is not UTF-8");

        assertThat(objections("", one))
                .containsExactly(
                        "1 of 1,000,000 events of machine.v1 (0.00%) break their schema, at most"
                                + " 0.00% may (the first is machine.v1/0@5: is not UTF-8)");
        assertThat(objections("  checks: {rows: 50}\n", one)).hasSize(1);
        assertThat(objections("", new Checks.Kept(0, 0, ""))).isEmpty();
    }

    @Test
    void soManyMayBreakTheirSchemaAsTheShareSays() {
        String tenth = "  checks: {unreadable: 10%}\n";

        assertThat(objections(tenth, new Checks.Kept(100, 10, "x"))).isEmpty();
        assertThat(objections(tenth, new Checks.Kept(100, 11, "x"))).hasSize(1);
    }
}
