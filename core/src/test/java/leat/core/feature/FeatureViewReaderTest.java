package leat.core.feature;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import leat.core.contract.FieldPath;
import leat.core.contract.Quality;
import leat.core.feature.FeatureView.Feature;
import leat.core.yaml.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureViewReaderTest {

    private static final Path FILE = Path.of("driving.yaml");

    private static FeatureView view(String text) {
        return FeatureViewReader.read(FILE, text, FeatureContracts.all()).orThrow().view();
    }

    private static List<String> problems(String text) {
        return FeatureViewReader.read(FILE, text, FeatureContracts.all()).faults().stream()
                .map(Problem::toString)
                .toList();
    }

    /// The only problem of a view whose fourth line is an entry of features.
    private static String problemOf(String entry) {
        List<String> problems =
                problems("entity: car\nsource: readings\nfeatures:\n  - {" + entry + "}\n");
        assertThat(problems).as(entry).hasSize(1);
        return problems.getFirst();
    }

    /// The problems of a view whose third line is a key of it.
    private static List<String> problemsOfKey(String line) {
        return problems(
                "entity: car\nsource: readings\n"
                        + line
                        + "\nfeatures:\n  - {name: speed, expression: event.speed}\n");
    }

    @Test
    void allKeysAreRead() {
        FeatureView view =
                view(
                        """
                        version: 3
                        description: How cars are driven
                        owner: fleet team
                        tags: [driving, fleet]
                        entity: car
                        source: readings.v1
                        key: car
                        where: has(event.speed)
                        hop: 10s
                        ttl: 30d
                        features:
                          - name: gear
                            description: The newest gear
                            expression: event.gear
                          - name: drivers
                            expression: event.driver
                            aggregate: distinct
                            windows: 1h
                            where: event.gear > 0
                            limit: 5
                        """);

        assertThat(view)
                .isEqualTo(
                        new FeatureView(
                                new leat.core.contract.ContractName("driving"),
                                3,
                                "How cars are driven",
                                Optional.of("fleet team"),
                                List.of("driving", "fleet"),
                                "car",
                                "readings.v1",
                                FieldPath.parse("car"),
                                Optional.of("has(event.speed)"),
                                Duration.ofSeconds(10),
                                Optional.of(Duration.ofDays(30)),
                                List.of(
                                        new Feature(
                                                "gear",
                                                "The newest gear",
                                                Optional.of("event.gear"),
                                                Optional.empty()),
                                        new Feature(
                                                "drivers_distinct_1h",
                                                "",
                                                Optional.of("event.driver"),
                                                Optional.of(
                                                        new FeatureView.Windowed(
                                                                Aggregate.DISTINCT,
                                                                Optional.of("event.gear > 0"),
                                                                Duration.ofHours(1),
                                                                5)))),
                                Quality.NONE,
                                FILE));
    }

    @Test
    void mostKeysCanBeLeftOut() {
        FeatureView view =
                view(
                        """
                        entity: car
                        source: readings
                        features:
                          - {name: gear, expression: event.gear}
                        """);

        assertThat(view.nameAndVersion()).isEqualTo("driving.v1");
        assertThat(view.key()).hasToString("car");
        assertThat(view.hop()).isEqualTo(Duration.ofSeconds(1));
        assertThat(view.ttl()).isEmpty();
        assertThat(view.where()).isEmpty();
    }

    @Test
    void anEntryBecomesAFeatureAnAggregateAndWindowWithTheShortestNames() {
        FeatureView view =
                view(
                        """
                        entity: car
                        source: readings
                        hop: exact
                        features:
                          - name: speed
                            expression: event.speed
                            aggregate: [mean, max]
                            windows: [90s, 60m, 24h, 1500ms]
                          - name: events
                            aggregate: count
                            windows: [5m]
                        """);

        assertThat(view.features())
                .extracting(Feature::name)
                .containsExactly(
                        "speed_mean_90s",
                        "speed_mean_1h",
                        "speed_mean_1d",
                        "speed_mean_1500ms",
                        "speed_max_90s",
                        "speed_max_1h",
                        "speed_max_1d",
                        "speed_max_1500ms",
                        "events_count_5m");
        assertThat(view.hop()).isEqualTo(Duration.ofNanos(1_000));
    }

    @Test
    void everyProblemOfAFileIsToldAtOnceInItsOrder() {
        assertThat(
                        problems(
                                """
                                entitty: car
                                source: reading
                                hop: soon
                                features:
                                  - name: Speed
                                    expression: event.speed
                                    aggregate: [avg, mean]
                                    windows: [5m]
                                  - expression: event.gear
                                """))
                .containsExactly(
                        "driving.yaml:1: entitty: unknown key. Write 'entity' if that was meant.",
                        "driving.yaml:1: entity: is missing. Say what the features are of, e.g."
                                + " car.",
                        "driving.yaml:2: source: there is no contract or view 'reading'. Write 'readings'"
                                + " if that was meant.",
                        "driving.yaml:3: hop: 'soon' is not a duration. Write e.g. 250ms, 10s, 5m,"
                                + " 1h or 7d.",
                        "driving.yaml:5: features[0].name: 'Speed' cannot be a feature's name. Use"
                                + " at most 80 lower case letters, digits and single underscores, a"
                                + " letter first.",
                        "driving.yaml:7: features[0].aggregate: there is no aggregate 'avg'."
                                + " Write 'mean' if that was meant.",
                        "driving.yaml:9: features[1].name: is missing. Name the feature, e.g."
                                + " speed.");
    }

    @Test
    void expressionsAreCheckedInFilesThatAreFaultyOtherwise() {
        assertThat(
                        problems(
                                """
                                entity: car
                                source: readings
                                where: event.gear
                                features:
                                  - name: speed_
                                    expression: event.sped
                                    aggregate: meen
                                    windows: [5m]
                                """))
                .containsExactly(
                        "driving.yaml:3: where: yields a number, but is a condition. Let it yield"
                                + " true or false, e.g. event.speed > 0.0.",
                        "driving.yaml:5: features[0].name: 'speed_' cannot be a feature's name. Use"
                                + " at most 80 lower case letters, digits and single underscores, a"
                                + " letter first.",
                        "driving.yaml:6: features[0].expression: undefined field 'sped' in"
                                + " 'event.sped'. Write 'speed' if that was meant.",
                        "driving.yaml:7: features[0].aggregate: there is no aggregate 'meen'."
                                + " Write 'mean' if that was meant.");
    }

    @Test
    void theFaultOfAnEntryIsToldOnceForAllItsFeatures() {
        assertThat(
                        problems(
                                """
                                entity: car
                                source: readings
                                features:
                                  - name: driver
                                    expression: event.driver
                                    aggregate: [mean, last]
                                    windows: [1m, 5m]
                                """))
                .containsExactly(
                        "driving.yaml:5: features[0].expression: yields a text, but mean is made"
                                + " of numbers. Let it yield a number, or use count, first, last,"
                                + " distinct or age.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    name: a, expression: event.gear, aggregat: min | aggregat: unknown key. Write 'aggregate' if that was meant.
                    name: a | expression: is missing. Write e.g. expression: event.speed, or an aggregate to count events.
                    name: a, aggregate: count | windows: names none for the aggregate. Write e.g. windows: [5m].
                    name: a, aggregate: count, windows: [] | windows: names none for the aggregate. Write e.g. windows: [5m].
                    name: a, windows: [5m] | aggregate: names none for the windows. Write e.g. aggregate: mean.
                    name: a, aggregate: [], windows: [5m] | aggregate: names none for the windows. Write e.g. aggregate: mean.
                    name: a, aggregate: [count, count], windows: [5m] | aggregate: 'count' stands twice. Remove one of the two.
                    name: a, aggregate: mean, windows: [5m] | expression: is missing, which mean is made of. Write e.g. expression: event.speed.
                    name: a, aggregate: quantile, windows: [5m] | aggregate: there is no aggregate 'quantile'. Use one of count, sum, mean, stddev, min, max, first, last, distinct, rate, age.
                    name: a, aggregate: count, windows: [60m, 1h] | windows: '1h' is the same window as '60m'. Remove one of the two.
                    name: a, aggregate: count, windows: [1500ms] | windows: '1500ms' is no multiple of the hop, 1s. Write a multiple of it, or another hop, which may be exact.
                    name: a, aggregate: count, windows: [30d] | windows: '30d' is longer than 100,000 hops of 1s. Write hop: 1m.
                    name: a, aggregate: count, windows: [367d] | windows: '367d' is not within 1ms to 366d. Write e.g. 5m.
                    name: a, aggregate: count, windows: [0s] | windows: '0s' is not within 1ms to 366d. Write e.g. 5m.
                    name: a, aggregate: count, windows: [5 minutes] | windows: '5 minutes' is not a duration. Write e.g. 250ms, 10s, 5m, 1h or 7d.
                    name: a, aggregate: count, windows: [5m], limit: 3 | limit: only distinct counts up to a limit. Remove it, or add distinct.
                    name: a, expression: event.gear, limit: 3 | limit: only distinct counts up to a limit. Remove it, or add distinct.
                    name: a, expression: event.gear, where: event.braking | where: a feature of the newest event has no condition of its own. Add aggregate: last and windows, or move it to the where of the view.
                    name: a, aggregate: count, windows: [5m], where: event.speed | where: yields a number, but is a condition. Let it yield true or false, e.g. event.speed > 0.0.
                    name: a, aggregate: count, windows: [5m], where: event.breaking | where: undefined field 'breaking' in 'event.breaking'. Write 'braking' if that was meant.
                    name: a, expression: event.codes | expression: the expression yields list. Let it yield a text, a number, a boolean or a timestamp.
                    name: a, expression: dyn(event.gear) | expression: it cannot be told what the expression yields. Put it into double(…), int(…) or string(…).
                    name: a, expression: event.braking, aggregate: sum, windows: [5m] | expression: yields a boolean, but sum is made of numbers. Let it yield a number, or use count, first, last, distinct or age.
                    name: entity, expression: event.gear | name: 'entity' has its own meaning in a vector. Use another name.
                    name: query_time, expression: event.gear | name: 'query_time' has its own meaning in a vector. Use another name.
                    name: leat_gear, expression: event.gear | name: 'leat_gear' has its own meaning in a vector. Use another name.
                    name: a__b, expression: event.gear | name: 'a__b' cannot be a feature's name. Use at most 80 lower case letters, digits and single underscores, a letter first.
                    """)
    void anEntryThatCannotWorkIsRefusedWithARemedy(String entry, String problem) {
        assertThat(problemOf(entry)).isEqualTo("driving.yaml:4: features[0]." + problem);
    }

    @Test
    void aLimitHasBounds() {
        assertThat(
                        problemOf(
                                "name: a, expression: event.gear, aggregate: distinct, windows:"
                                        + " [5m], limit: 10001"))
                .contains("features[0].limit: '10001' is not a whole number from 1 to 10000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    version: 0 | version: '0' is not a whole number from 1 to 999999.
                    ttl: 0s | ttl: '0s' is not within 1ms to 3660d. Write e.g. 5m.
                    hop: 367d | hop: '367d' is not within 1ms to 366d. Write e.g. 5m.
                    key: geer | key: there is no field 'geer' in readings.v1. Write 'gear' if that was meant.
                    key: speed | key: 'speed' cannot be a key: objects, arrays and floating-point numbers have no single text. Name a text, an integer, a time or a boolean.
                    key: wheel | key: 'wheel' cannot be a key: objects, arrays and floating-point numbers have no single text. Name a text, an integer, a time or a boolean.
                    where: event.speed | where: yields a number, but is a condition. Let it yield true or false, e.g. event.speed > 0.0.
                    where: event.speed > | where: 'event.speed >' breaks off. Write what is missing at its end
                    where: (event.speed > 1.0 | where: '(event.speed > 1.0' breaks off. Write what is missing at its end
                    where: event.speed event.gear | where: 'event.speed event.gear' cannot be read on at character 13. Write it as
                    where: event.speed > 1.0) | where: 'event.speed > 1.0)' cannot be read on at character 18. Write it as
                    where: event.driver == 'a | where: 'event.driver == 'a' has a text that is not closed, at character 17. End it with the quote
                    where: has(event) | where: invalid argument to has() macro in 'has(event)'. Correct the expression.
                    tags: {a: b} | tags: is a mapping. Write one value or a list of them.
                    joins: [] | joins: unknown key. Use one of description, entity, expect, features, hop, key, owner, source, tags, ttl, version, where.
                    """)
    void aKeyThatCannotWorkIsRefusedWithARemedy(String line, String problem) {
        assertThat(problemsOfKey(line))
                .singleElement()
                .asString()
                .startsWith("driving.yaml:3: " + problem);
    }

    @Test
    void anEntityIsAWordAndASourceIsNeeded() {
        assertThat(
                        problems(
                                """
                                entity: Our cars
                                features:
                                  - {name: gear, expression: event.gear}
                                """))
                .containsExactly(
                        "driving.yaml:1: entity: 'Our cars' is no word. Use lower case letters,"
                                + " digits, hyphens and underscores, a letter first.",
                        "driving.yaml:1: source: is missing. Name a contract or another"
                                + " view.");
    }

    @Test
    void aViewWithoutFeaturesIsRefused() {
        assertThat(problems("entity: car\nsource: readings\n"))
                .containsExactly(
                        "driving.yaml:1: features: names none. List at least one feature.");
        assertThat(problems("entity: car\nsource: readings\nfeatures: []\n"))
                .containsExactly(
                        "driving.yaml:3: features: names none. List at least one feature.");
    }

    @Test
    void aViewWithoutKeyOfASourceWithoutKeyIsRefused() {
        assertThat(
                        problems(
                                """
                                entity: page
                                source: clicks
                                features:
                                  - {name: clicks, aggregate: count, windows: [5m]}
                                """))
                .containsExactly(
                        "driving.yaml:1: key: is missing, and 'clicks.v1' has no key either. Name"
                                + " the field whose value says which entity an event is of.");
    }

    @Test
    void aViewMayBeOfAnotherFieldThanItsSourceIsKeptTogetherBy() {
        assertThat(
                        view("""
                        entity: page
                        source: clicks
                        key: page
                        features:
                          - {name: clicks, aggregate: count, windows: [5m]}
                        """)
                                .key())
                .isEqualTo(FieldPath.parse("page"));
        assertThat(problemsOfKey("key: gear")).isEmpty();
    }

    @Test
    void twoFeaturesOfOneNameAreRefused() {
        assertThat(
                        problems(
                                """
                                entity: car
                                source: readings
                                features:
                                  - {name: speed, expression: event.speed, aggregate: mean, windows: [60m]}
                                  - {name: speed, expression: event.gear, aggregate: mean, windows: [1h]}
                                """))
                .containsExactly(
                        "driving.yaml:5: features[1].name: 'speed_mean_1h' comes from the entry in"
                                + " line 4 too. Rename one of the two.");
    }

    @Test
    void namesHaveAtMost80Characters() {
        String name = "a".repeat(72);

        assertThat(problemOf("name: " + name + ", aggregate: count, windows: [5m]"))
                .isEqualTo(
                        "driving.yaml:4: features[0].name: '"
                                + name
                                + "_count_5m' has more than 80 characters. Use a shorter name.");
        assertThat(
                        view("entity: car\nsource: readings\nfeatures:\n  - {name: "
                                        + name.substring(1)
                                        + ", aggregate: count, windows: [5m]}\n")
                                .features())
                .hasSize(1);
    }

    @Test
    void aViewHasAtMost500Features() {
        String windows =
                IntStream.rangeClosed(1, 167).mapToObj(n -> n + "s").collect(joining(", "));

        assertThat(
                        problems(
                                "entity: car\nsource: readings\nfeatures:\n"
                                        + "  - {name: speed, expression: event.speed,"
                                        + " aggregate: [min, max, mean], windows: ["
                                        + windows
                                        + "]}\n"))
                .containsExactly(
                        "driving.yaml:3: features: makes 501 features, more than 500. Split the"
                                + " view.");
    }

    @Test
    void aWiderHopOrExactOnesAllowLongerWindows() {
        String view =
                """
                entity: car
                source: readings
                hop: %s
                features:
                  - {name: n, aggregate: count, windows: [30d, 366d]}
                """;

        assertThat(view(view.formatted("10m")).features()).hasSize(2);
        assertThat(view(view.formatted("exact")).features()).hasSize(2);
    }
}
