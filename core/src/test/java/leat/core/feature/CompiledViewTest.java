package leat.core.feature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.feature.Shape.Newest;
import leat.core.feature.Shape.Series;
import leat.core.feature.Shape.ValueKind;
import leat.core.feature.Shape.Window;
import leat.core.outcome.Outcome;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import leat.core.yaml.ProblemsException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CompiledViewTest {

    private static final Contract READINGS = FeatureContracts.readings();
    private static final Validator VALIDATOR = Validator.forEnriched(READINGS);
    private static final long TIME_MICROS = 1_768_464_000_123_456L;
    private static final long MINUTE_MICROS = 60_000_000;

    private static CompiledView compiled(String features) {
        return view("entity: car\nsource: readings\nfeatures:\n" + features);
    }

    private static CompiledView view(String text) {
        return FeatureViewReader.read(Path.of("driving.yaml"), text, FeatureContracts.all())
                .orThrow();
    }

    private static Row row(String fields) {
        String json = "{\"time\": \"2026-01-15T08:00:00Z\", \"car\": \"c1\"" + fields + "}";
        return switch (VALIDATOR.validate(json.getBytes(UTF_8))) {
            case Outcome.Valid valid -> valid.row();
            case Outcome.Rejected rejected -> throw new AssertionError(rejected.reasons());
        };
    }

    private static Optional<Observation> observed(CompiledView view, Row row) {
        return view.observe(row, TIME_MICROS, 0, 0, (_, _) -> {});
    }

    private static List<@Nullable Object> values(CompiledView view, String fields) {
        return observed(view, row(fields)).orElseThrow().values();
    }

    private static List<@Nullable Object> list(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    @Test
    void featuresOfTheSameValuesShareASeries() {
        CompiledView view =
                compiled(
                        """
                          - {name: speed, expression: event.speed, aggregate: [mean, max], windows: [1m, 5m]}
                          - {name: top, expression: event.speed, aggregate: max, windows: [10m]}
                          - {name: speed, expression: event.speed}
                          - {name: braked, expression: event.speed, where: event.braking, aggregate: mean, windows: [1m]}
                          - {name: events, aggregate: count, windows: [1m]}
                        """);

        assertThat(view.shape())
                .isEqualTo(
                        new Shape(
                                1_000_000,
                                List.of(
                                        new Series(
                                                ValueKind.NUMBER,
                                                Set.of(Aggregate.MEAN, Aggregate.MAX),
                                                1000),
                                        new Series(ValueKind.NUMBER, Set.of(Aggregate.MEAN), 1000),
                                        new Series(
                                                ValueKind.BOOLEAN, Set.of(Aggregate.COUNT), 1000)),
                                List.of(
                                        new Window(0, Aggregate.MEAN, MINUTE_MICROS),
                                        new Window(0, Aggregate.MEAN, 5 * MINUTE_MICROS),
                                        new Window(0, Aggregate.MAX, MINUTE_MICROS),
                                        new Window(0, Aggregate.MAX, 5 * MINUTE_MICROS),
                                        new Window(0, Aggregate.MAX, 10 * MINUTE_MICROS),
                                        new Newest(0),
                                        new Window(1, Aggregate.MEAN, MINUTE_MICROS),
                                        new Window(2, Aggregate.COUNT, MINUTE_MICROS))));
    }

    @Test
    void integersAreDoublesUnlessTheValueItselfIsAskedFor() {
        CompiledView view =
                compiled(
                        """
                          - {name: gear, expression: event.gear, aggregate: [mean, count, last, distinct], windows: [1m]}
                          - {name: gears, expression: event.gear, aggregate: distinct, windows: [1m], limit: 7}
                        """);

        assertThat(view.shape().series())
                .containsExactly(
                        new Series(ValueKind.NUMBER, Set.of(Aggregate.MEAN, Aggregate.COUNT), 1000),
                        new Series(
                                ValueKind.INTEGER,
                                Set.of(Aggregate.LAST, Aggregate.DISTINCT),
                                1000),
                        new Series(ValueKind.INTEGER, Set.of(Aggregate.DISTINCT), 7));
        assertThat(values(view, ", \"gear\": 3")).containsExactly(3.0, 3L, 3L);
    }

    @Test
    void theGreatestOfSeveralIsOfTheirType() {
        CompiledView view =
                compiled(
                        """
                          - {name: most, expression: "math.greatest(event.speed, event.wheel.pressure, 1.5)"}
                          - {name: gear, expression: "math.least(event.gear, 3, 4) - 1"}
                        """);

        assertThat(view.shape().series())
                .extracting(Series::kind)
                .containsExactly(ValueKind.NUMBER, ValueKind.INTEGER);
        assertThat(values(view, ", \"gear\": 5, \"speed\": 1, \"wheel\": {\"pressure\": 2}"))
                .containsExactly(2.0, 2L);
    }

    @Test
    void aRowFeatureAloneNeedsNoWindow() {
        assertThat(compiled("  - {name: gear, expression: event.gear}").shape())
                .isEqualTo(
                        new Shape(
                                1_000_000,
                                List.of(new Series(ValueKind.INTEGER, Set.of(), 1000)),
                                List.of(new Newest(0))));
    }

    @Test
    void anObservationHasOneValueASeriesOfItsKind() {
        CompiledView view =
                compiled(
                        """
                          - {name: speed_kmh, expression: event.speed * 3.6}
                          - {name: gear, expression: event.gear}
                          - {name: driver, expression: event.driver}
                          - {name: braking, expression: event.braking}
                          - {name: served, expression: event.served}
                          - {name: price, expression: event.price}
                          - {name: pressure, expression: event.wheel.pressure}
                          - {name: fast, where: event.speed > 20.0, aggregate: count, windows: [1m]}
                          - {name: faster, where: event.speed > 30.0, aggregate: count, windows: [1m]}
                          - {name: codes, expression: size(event.codes)}
                        """);

        Observation seen =
                view.observe(
                                row(
                                        """
                                        , "speed": 25, "gear": 4, "driver": "d", "braking": false,
                                        "served": "1970-01-01T00:00:01.5Z", "price": 12.50,
                                        "wheel": {"pressure": 2.5}, "codes": ["a", "b"]
                                        """),
                                TIME_MICROS,
                                3,
                                42,
                                (_, _) -> {})
                        .orElseThrow();

        assertThat(seen.entity()).isEqualTo("c1");
        assertThat(seen.timeMicros()).isEqualTo(1_768_464_000_123_456L);
        assertThat(seen.partition()).isEqualTo(3);
        assertThat(seen.offset()).isEqualTo(42);
        assertThat((Object) seen.values())
                .isEqualTo(list(90.0, 4L, "d", false, 1_500_000L, 12.5, 2.5, true, null, 2L));
    }

    @Test
    void whatTheEventDoesNotHaveIsNone() {
        CompiledView view =
                compiled(
                        """
                          - {name: speed, expression: event.speed}
                          - {name: pressure, expression: event.wheel.pressure, aggregate: mean, windows: [1m]}
                          - {name: braked, where: event.braking, aggregate: count, windows: [1m]}
                        """);
        List<String> failures = new ArrayList<>();

        Optional<Observation> observation =
                view.observe(
                        row(""), TIME_MICROS, 0, 0, (series, message) -> failures.add(message));

        assertThat((Object) observation.orElseThrow().values()).isEqualTo(list(null, null, null));
        assertThat(failures).isEmpty();
    }

    @Test
    void aTextThatIsTooLongIsNone() {
        CompiledView view = compiled("  - {name: driver, expression: event.driver}\n");
        List<String> failures = new ArrayList<>();

        assertThat((Object) values(view, driver(CompiledView.MAX_TEXT)))
                .isEqualTo(list("x".repeat(CompiledView.MAX_TEXT)));
        Optional<Observation> tooLong =
                view.observe(
                        row(driver(CompiledView.MAX_TEXT + 1)),
                        TIME_MICROS,
                        0,
                        0,
                        (_, message) -> failures.add(message));
        assertThat((Object) tooLong.orElseThrow().values()).isEqualTo(list((Object) null));
        assertThat(failures).containsExactly("a text of more than 1000 characters");
    }

    private static String driver(int length) {
        return ", \"driver\": \"" + "x".repeat(length) + "\"";
    }

    @Test
    void anExpressionThatFailsOrIsNotFiniteTakesNothingFromTheOthers() {
        CompiledView view =
                compiled(
                        """
                          - {name: ratio, expression: event.gear / (event.gear - 4)}
                          - {name: huge, expression: event.speed * 1.0e308, aggregate: sum, windows: [1m]}
                          - {name: gear, expression: event.gear}
                          - {name: slack, expression: event.speed - event.wheel.pressure}
                        """);
        List<Integer> failed = new ArrayList<>();

        Optional<Observation> observation =
                view.observe(
                        row(", \"gear\": 4, \"speed\": 25"),
                        TIME_MICROS,
                        0,
                        0,
                        (series, message) -> {
                            assertThat(message).isNotBlank();
                            failed.add(series);
                        });

        assertThat((Object) observation.orElseThrow().values())
                .isEqualTo(list(null, null, 4L, null));
        assertThat(failed).containsExactly(0, 1, 3);
    }

    @Test
    void bothZerosAreOne() {
        assertThat(values(compiled("  - {name: v, expression: event.speed}"), ", \"speed\": -0.0"))
                .containsExactly(0.0);
    }

    @Test
    void onlyEventsThatMeetTheConditionAreOfTheView() {
        CompiledView view =
                view(
                        """
                        entity: car
                        source: readings
                        where: event.gear > 0
                        features:
                          - {name: gear, expression: event.gear}
                        """);

        assertThat(observed(view, row(", \"gear\": 1"))).isPresent();
        assertThat(observed(view, row(", \"gear\": 0"))).isEmpty();
        assertThat(observed(view, row(""))).isEmpty();
    }

    @Test
    void anEventWithoutKeyIsNotOfTheView() {
        @Nullable Object[] values = new Object[READINGS.fields().size()];

        assertThat(
                        observed(
                                compiled("  - {name: n, aggregate: count, windows: [1m]}"),
                                new Row(READINGS.publishedFields(), values)))
                .isEmpty();
    }

    @Test
    void theContractOfVectorsHasTheEntityTheTimeAndTheFeatures() {
        CompiledView view =
                view(
                        """
                        version: 4
                        description: How cars are driven
                        entity: car
                        source: readings
                        features:
                          - {name: gear, expression: event.gear, aggregate: [count, mean, last, age], windows: [1m]}
                          - {name: driver, description: Who drives, expression: event.driver}
                          - {name: served, expression: event.served}
                          - {name: braking, expression: event.braking}
                        """);

        Contract contract = view.contract();

        assertThat(contract.nameAndMajor()).isEqualTo("driving.v4");
        assertThat(contract.description()).isEqualTo("How cars are driven");
        assertThat(contract.key()).hasValueSatisfying(key -> assertThat(key).hasToString("entity"));
        assertThat(contract.time())
                .hasValueSatisfying(time -> assertThat(time).hasToString("query_time"));
        assertThat(contract.log()).isEqualTo(READINGS.log());
        assertThat(contract.fields())
                .extracting(Field::name, field -> field.type().getClass(), Field::required)
                .containsExactly(
                        tuple("entity", FieldType.Text.class, true),
                        tuple("query_time", FieldType.Timestamp.class, true),
                        tuple("gear_count_1m", FieldType.Int.class, false),
                        tuple("gear_mean_1m", FieldType.Real.class, false),
                        tuple("gear_last_1m", FieldType.Int.class, false),
                        tuple("gear_age_1m", FieldType.Real.class, false),
                        tuple("driver", FieldType.Text.class, false),
                        tuple("served", FieldType.Timestamp.class, false),
                        tuple("braking", FieldType.Bool.class, false));
        assertThat(contract.fields().get(6).description()).isEqualTo("Who drives");
        assertThat(contract.fields().subList(2, 9)).isEqualTo(view.fields());
    }

    @Test
    void aVectorKeepsTheContractThatTheViewGives() {
        CompiledView view =
                compiled(
                        """
                          - {name: gear, expression: event.gear}
                          - {name: gear, expression: event.gear, aggregate: mean, windows: [1m]}
                        """);

        assertThat(
                        Validator.forEnriched(view.contract())
                                .validate(
                                        """
                                        {"entity":"c1","query_time":"2026-01-15T08:00:00.123457Z","gear_mean_1m":2.5}
                                        """
                                                .getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        Outcome.Valid.class,
                        valid -> {
                            assertThat(valid.row().value("gear_mean_1m")).isEqualTo(2.5);
                            assertThat(valid.row().value("gear")).isNull();
                        });
    }

    @Test
    void aFeatureIsAsConfidentialAsTheStrictestFieldThatItIsMadeOf() {
        CompiledView view =
                compiled(
                        """
                          - {name: gear, expression: event.gear}
                          - {name: both, expression: "event.car + event.driver"}
                          - {name: pressure, expression: event.wheel.pressure}
                          - {name: named, aggregate: count, windows: [1m], where: "has(event.driver)"}
                        """);

        assertThat(view.contract().fields())
                .extracting(Field::name, field -> field.classification().orElse(""))
                .containsExactly(
                        tuple("entity", "confidential"),
                        tuple("query_time", ""),
                        tuple("gear", ""),
                        tuple("both", "restricted"),
                        tuple("pressure", "internal"),
                        tuple("named_count_1m", "restricted"));
    }

    @Test
    void aViewThatDoesNotFitItsSourceAnyMoreIsRefused() {
        CompiledView view = compiled("  - {name: gear, expression: event.gear}");
        Contracts others =
                new Contracts(List.of(FeatureContracts.all().named("clicks").orElseThrow()));

        assertThatThrownBy(() -> view.under(others))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("driving.yaml:1: source: there is no contract 'readings'");
    }
}
