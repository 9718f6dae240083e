package leat.core.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongConsumer;
import leat.core.feature.Shape.Newest;
import leat.core.feature.Shape.Output;
import leat.core.feature.Shape.Series;
import leat.core.feature.Shape.ValueKind;
import leat.core.feature.Shape.Window;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SourceEventsTest {

    private static final int SHAPES = 2_000;
    private static final Comparator<Observation> NEWEST_FIRST =
            Comparator.comparingLong(Observation::timeMicros)
                    .thenComparingInt(Observation::partition)
                    .thenComparingLong(Observation::offset)
                    .reversed();

    /// What is known of one entity of a random shape.
    private static final class Known {
        private final Random random;
        private final Shape shape;
        private final List<Observation> events = new ArrayList<>();

        Known(long seed) {
            random = new Random(seed);
            shape = Shapes.random(random);
            RandomEvents next = new RandomEvents(random, shape);
            int count = 1 + random.nextInt(120);
            for (int i = 0; i < count; i++) {
                events.add(next.next());
            }
        }

        Observation newest() {
            return events.stream().min(NEWEST_FIRST).orElseThrow();
        }

        SourceEvents<Observation> found(int most) {
            SourceEvents<Observation> found =
                    SourceEvents.of(shape, newest().timeMicros() + 1, most);
            List<Observation> shuffled = new ArrayList<>(events);
            Collections.shuffle(shuffled, random);
            shuffled.forEach(event -> found.add(event, event));
            return found;
        }

        /// By the definition of a window alone.
        List<Observation> recounted(Output output) {
            if (output instanceof Newest) {
                return List.of(newest());
            }
            long query = newest().timeMicros() + 1;
            long width = ((Window) output).windowMicros();
            long from = Math.floorDiv(query - width, shape.hopMicros()) * shape.hopMicros();
            return events.stream()
                    .filter(event -> event.timeMicros() >= from)
                    .filter(event -> Values.value(event, output.series()) != null)
                    .sorted(NEWEST_FIRST)
                    .toList();
        }

        /// The vector of the newest event's time, of no other values than those of some events.
        /// NullAway does not find in the record's class file that its values may be null.
        @SuppressWarnings("NullAway")
        List<@Nullable Object> vectorOf(List<Observation> some) {
            EntityState state = EntityState.of(Layout.of(shape));
            some.forEach(state::add);
            if (!some.contains(newest())) {
                Observation newest = newest();
                state.add(
                        new Observation(
                                newest.entity(),
                                newest.timeMicros(),
                                newest.partition(),
                                newest.offset(),
                                Collections.nCopies(shape.series().size(), null)));
            }
            return state.vector();
        }
    }

    /// @param check is given a seed
    private static void ofRandomShapes(LongConsumer check) {
        long base = Long.getLong("leat.feature.seed", System.nanoTime());
        for (long seed = base; seed < base + SHAPES; seed++) {
            try {
                check.accept(seed);
            } catch (AssertionError | RuntimeException e) {
                fail("failed with -Dleat.feature.seed=" + seed, e);
            }
        }
    }

    @Test
    void aFeatureHasTheEventsThatARecountFindsInItsWindow() {
        ofRandomShapes(seed -> {
            Known known = new Known(seed);
            int most = 1 + known.random.nextInt(20);

            List<SourceEvents.Found<Observation>> found = known.found(most).found();

            for (int i = 0; i < found.size(); i++) {
                List<Observation> expected = known.recounted(known.shape.outputs().get(i));
                assertThat(found.get(i).count()).isEqualTo(expected.size());
                assertThat(found.get(i).newest())
                        .isEqualTo(expected.subList(0, Math.min(most, expected.size())));
            }
        });
    }

    @Test
    void aValueIsAFunctionOfItsEventsAlone() {
        ofRandomShapes(seed -> {
            Known known = new Known(seed);
            List<@Nullable Object> vector = known.vectorOf(known.events);

            List<SourceEvents.Found<Observation>> found = known.found(known.events.size()).found();

            for (int i = 0; i < found.size(); i++) {
                assertThat(known.vectorOf(found.get(i).newest()).get(i)).isEqualTo(vector.get(i));
            }
        });
    }

    @Test
    void whatDecidesAloneIsTheEventThatARecountChoosesWhereverItStandsInTheWindow() {
        ofRandomShapes(seed -> {
            Known known = new Known(seed);

            List<SourceEvents.Found<Observation>> found = known.found(1).found();

            for (int i = 0; i < found.size(); i++) {
                Output output = known.shape.outputs().get(i);
                assertThat(found.get(i).deciding())
                        .as(output.toString())
                        .isEqualTo(decides(output, known.recounted(output)));
            }
        });
    }

    /// By the definition of each aggregate.
    private static List<Observation> decides(Output output, List<Observation> newestFirst) {
        Aggregate aggregate = output instanceof Window window ? window.aggregate() : Aggregate.LAST;
        Function<Observation, Double> number =
                event -> (Double) Objects.requireNonNull(Values.value(event, output.series()));
        if (newestFirst.isEmpty()) {
            return List.of();
        }
        return switch (aggregate) {
            case MIN -> List.of(firstOf(newestFirst, number, Comparator.naturalOrder()));
            case MAX -> List.of(firstOf(newestFirst, number, Comparator.reverseOrder()));
            case FIRST -> List.of(newestFirst.getLast());
            case LAST, AGE -> List.of(newestFirst.getFirst());
            case RATE ->
                    newestFirst.size() == 1
                            ? newestFirst
                            : List.of(newestFirst.getFirst(), newestFirst.getLast());
            case COUNT, SUM, MEAN, STDDEV, DISTINCT -> List.of();
        };
    }

    private static Observation firstOf(
            List<Observation> newestFirst,
            Function<Observation, Double> number,
            Comparator<Double> order) {
        List<Double> sorted = newestFirst.stream().map(number).sorted(order).toList();
        return newestFirst.stream()
                .filter(event -> number.apply(event).equals(sorted.getFirst()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aValueIsTheSameOfTheEventsThatDecideItAlone() {
        ofRandomShapes(seed -> {
            Known known = new Known(seed);
            List<@Nullable Object> vector = known.vectorOf(known.events);

            List<SourceEvents.Found<Observation>> found = known.found(1).found();

            for (int i = 0; i < found.size(); i++) {
                List<Observation> deciding = found.get(i).deciding();
                if (!deciding.isEmpty()) {
                    assertThat(known.vectorOf(deciding).get(i)).isEqualTo(vector.get(i));
                }
            }
        });
    }

    @Test
    void anEventOfTheNewestTimeIsKnownToDecideWhateverElseThereMayBe() {
        Set<Aggregate> needs = EnumSet.of(Aggregate.LAST, Aggregate.MAX, Aggregate.COUNT);
        Shape shape =
                new Shape(
                        10,
                        List.of(new Series(ValueKind.NUMBER, needs, 10)),
                        List.of(
                                new Window(0, Aggregate.LAST, 20),
                                new Window(0, Aggregate.MAX, 20),
                                new Window(0, Aggregate.COUNT, 20)));
        SourceEvents<String> found = SourceEvents.of(shape, 101, 1);

        found.add(new Observation("e", 99, 0, 7, List.of(1.0)), "late");
        boolean before = found.isDecided(0);
        found.add(new Observation("e", 100, 0, 5, List.of(1.0)), "newest");

        assertThat(before).isFalse();
        assertThat(found.isDecided(0)).isTrue();
        assertThat(found.isDecided(1)).isFalse();
        assertThat(found.isDecided(2)).isFalse();
    }

    @Test
    void aRowFeatureIsSettledOnceItsEventIsKnown() {
        Set<Aggregate> count = EnumSet.of(Aggregate.COUNT);
        Shape shape =
                new Shape(
                        10,
                        List.of(new Series(ValueKind.INTEGER, count, 10)),
                        List.of(new Newest(0), new Window(0, Aggregate.COUNT, 20)));
        SourceEvents<String> found = SourceEvents.of(shape, 101, 3);

        found.add(event(99, 7), "late");
        boolean before = found.isSettled(0);
        found.add(event(100, 5), "newest");
        found.add(event(101, 9), "of the query time");

        assertThat(before).isFalse();
        assertThat(found.isSettled(0)).isTrue();
        assertThat(found.isSettled(1)).isFalse();
        assertThat(found.fromMicros()).containsExactly(100L, 80L);
        assertThat(found.found())
                .containsExactly(
                        new SourceEvents.Found<>(1, List.of("newest"), List.of("newest")),
                        new SourceEvents.Found<>(2, List.of("newest", "late"), List.of()));
    }

    private static Observation event(long timeMicros, long offset) {
        return new Observation("e", timeMicros, 0, offset, List.of(1L));
    }
}
